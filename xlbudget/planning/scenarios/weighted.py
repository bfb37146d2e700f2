"""The expected difference over scenarios that carry weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from xlbudget.planning.scenarios.change import Scenario
from xlbudget.planning.scenarios.result import ScenarioResult

EXPECTED = "expected"  # the scenario that the weighted rows are named


def with_expected(result: ScenarioResult, scenarios: Sequence[Scenario]) -> ScenarioResult:
    """The result and, where scenarios carry weights, their expectation as one more scenario.

    Every difference is weighted draw by draw; what is left to 1 is the plan as it stands, which
    differs by nothing. So the range tells how well the expectation is known, not how far apart
    the scenarios are. A part is observed where it is in every scenario that has a weight.
    """
    weights = {each.name: each.weight for each in scenarios if each.weight}
    if not weights:
        return result
    places = {part: place for place, part in enumerate(dict.fromkeys(result.part))}
    weight = np.array([weights.get(name, 0.0) for name in result.scenario])
    mix = np.zeros((len(places), len(weight)))
    mix[[places[part] for part in result.part], np.arange(len(weight))] = weight
    return replace(
        result,
        scenario=(*result.scenario, *(EXPECTED for _ in places)),
        part=[*result.part, *places],
        spend=np.concatenate([result.spend, mix @ result.spend]),
        outcome_draws=np.concatenate([result.outcome_draws, mix @ result.outcome_draws]),
        profit_draws=np.concatenate([result.profit_draws, mix @ result.profit_draws]),
        roi=np.concatenate([result.roi, mix @ result.roi]),
        observed=np.concatenate([result.observed, ~(mix @ ~result.observed > 0)]),
    )
