"""Simulated markets with known truth, whose curves are not the model's."""

from xlbudget.simulator.drawing import Kinds, draw_market
from xlbudget.simulator.market import Market
from xlbudget.simulator.sample import sample_market
from xlbudget.simulator.truth import Truth

__all__ = ["Kinds", "Market", "Truth", "draw_market", "sample_market"]
