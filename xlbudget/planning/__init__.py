"""The planning room: forecast, guardrails, the best allocation with its certificate."""
