"""The governance room: approvals, explanations, proposals."""
