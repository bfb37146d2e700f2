"""What would happen: a table of changes answered against the current plan."""

from __future__ import annotations

from collections.abc import Sequence

from xlbudget.data.names import did_you_mean
from xlbudget.errors import BadArgument
from xlbudget.planning.plan import Plan
from xlbudget.planning.rules import Guardrail, scopes_of
from xlbudget.planning.scenarios.asked import asked
from xlbudget.planning.scenarios.change import Scenario
from xlbudget.planning.scenarios.reading import ScenarioTable
from xlbudget.planning.scenarios.result import ScenarioResult, result_of
from xlbudget.response.model import ResponseModel
from xlbudget.tables import normal


def scenario(
    model: ResponseModel,
    plan: Plan,
    changes: ScenarioTable | Sequence[Scenario],
    by: str = "line",
    confidence: float | None = None,
    guardrails: Sequence[Guardrail] = (),
) -> ScenarioResult:
    """The difference that changes make against the plan, with ranges, told apart by `by`.

    changes     a Scenarios table, or scenarios
    by          week (the horizon's and those of the carry-out), total, line, channel, region,
                role, campaign_type, product, or any attribute of Channels
    guardrails  what `budget` and `goal` rows keep when they split the money anew

    A cost rise of c means that the same money buys 1 / (1 + c) of the media. A change of response
    scales the effect of all advertising in its weeks, earlier spend's included; a change of the
    outcome value is about what advertising brings, not about the baseline. A `budget` row splits
    its money as is best for the world that the rows before it left; a `goal` row finds the least
    budget whose plan is worth that much. Where scenarios carry weights, the weighted differences
    follow as the scenario `expected`. Outcome is in units of the outcome, profit in money. Raises
    BadInput, which lists everything that is impossible.
    """
    label = normal(by)
    options = ("week", *scopes_of(model.data))
    if label not in options:
        hint = did_you_mean(label, options)
        raise BadArgument(f"by is '{by}'{hint}; choose one of {', '.join(options)}")
    chosen = model.data.settings.confidence if confidence is None else confidence
    return result_of(asked(model, plan, changes, guardrails), label, chosen)
