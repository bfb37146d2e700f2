"""Simulated markets with known truth, whose curves are not the model's."""
