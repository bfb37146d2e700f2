"""Writes docs/questions.md: the six questions on the sample market beside the truth.

Run `python docs/questions.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from xlbudget.data.dataset import Dataset
from xlbudget.planning.guardrails import read_guardrails
from xlbudget.planning.plan import Plan, make_plan
from xlbudget.planning.questions.answer import Answer
from xlbudget.planning.questions.money import budget_cut, more_money
from xlbudget.planning.questions.places import dearer_channel, shift_and_test
from xlbudget.planning.questions.timing import moved_money, softening
from xlbudget.response.fit import fit
from xlbudget.response.model import ResponseModel
from xlbudget.simulator import sample_market
from xlbudget.simulator.truth import Truth

PAGE = Path(__file__).with_name("questions.md")
TABLES = ("spend", "outcomes", "controls", "channels", "regions", "experiments", "settings")
HEAD = """# Six questions, answered in the meeting

Written by `python docs/questions.py`. The sentences are the model's answers on the sample market;
the truth is the simulator's, which the model never sees. Outcome is revenue in EUR; ranges are
90 %. The first two keep the sample's guardrails; the first finds the better split on one half of
the draws and judges it on the other, and calls a saving clear only where its range is above zero.
"""
TAIL = """## How likely each is

Scenarios may carry a weight: how likely each is (a price shock 20 %, say). What is left to 100 % is
the plan as it stands. The answer then has one more scenario, `expected`: every difference times its
weight, added up draw by draw. Its range tells how well that expectation is known, not how far apart
the scenarios are; look at the scenarios' own rows for that.
"""


def sections() -> Iterator[tuple[Answer, str]]:
    """Each answer and what is true."""
    market = sample_market()
    frames, truth = market.frames(), market.truth
    data = Dataset.from_frames(**{name: frames[name] for name in TABLES})
    model: ResponseModel = fit(data)
    plan: Plan = make_plan(data, frames["plan"])[0]
    now, roles = truth.current(), {name: c.role for name, c in data.channels.items()}

    def change(totals: dict[str, float]) -> float:
        return sum(truth.value({**now, **totals}).values()) - sum(truth.value().values())

    cut = {line: 0.88 * money for line, money in now.items()}
    rules = read_guardrails(data, frames["guardrails"])[0]
    answer = budget_cut(model, plan, guardrails=rules)
    best = dict(zip(data.line_names, answer.table["best"], strict=True))
    moves = change(best) - change(cut)
    yield (
        answer,
        (
            f"spread evenly it loses {-change(cut):,.0f}; the split found would "
            f"{'save' if moves > 0 else 'lose another'} {abs(moves):,.0f}"
        ),
    )
    answer = more_money(model, plan, guardrails=rules)
    more = dict(zip(data.line_names, answer.table["current"] + answer.table["change"], strict=True))
    yield answer, f"put there it brings {change(more):,.0f}"
    less = {line: 0.85 * m for line, m in now.items() if roles[line] == "prospecting"}
    losses = {line: -change({line: money}) for line, money in less.items()}
    worst = max(losses, key=lambda line: losses[line])
    yield softening(model, plan), f"{worst} loses most: {losses[worst]:,.0f}, carry-out included"
    paid = sum(m for line, m in now.items() if roles[line] == "prospecting")
    kept = sum(m for line, m in now.items() if roles[line] == "retention")
    shares = {"prospecting": 1.0 - 30_000 / paid, "retention": 1.0 + 30_000 / kept}
    moved = {line: m * shares[roles[line]] for line, m in now.items() if roles[line] in shares}
    yield (
        moved_money(model, plan, 30_000.0),
        f"the move changes the outcome by {change(moved):,.0f}",
    )
    dearer = {"Paid Search": now["Paid Search"] / 1.2}
    returns = truth.marginal_roi({line: money / 13.0 for line, money in now.items()})
    ranked = sorted(returns, key=lambda line: -returns[line])
    yield (
        dearer_channel(model, plan, "Paid Search"),
        (
            f"the plan loses {-change(dearer):,.0f}; the next unit returns most in {ranked[0]} "
            f"({returns[ranked[0]]:.2f}) and {ranked[1]} ({returns[ranked[1]]:.2f})"
        ),
    )
    yield (
        shift_and_test(model, plan, "TV", "Paid Social"),
        f"the six weeks change by {_shifted(truth):,.0f}",
    )


def _shifted(truth: Truth) -> float:
    """True change of the first six weeks when 15 % of TV go to Paid Social in them."""
    path = truth.plan.copy()
    source, target = (
        np.asarray(truth.line_of == truth.lines.index(name)) for name in ("TV", "Paid Social")
    )
    money = 0.15 * path[:6][:, source].sum()
    path[:6, source] *= 0.85
    path[:6, target] *= 1.0 + money / path[:6][:, target].sum()
    changed = replace(truth, plan=path)
    return float((changed.expected_outcome() - truth.expected_outcome())[:6].sum())


def page() -> str:
    """The page's text."""
    parts = [HEAD]
    for number, (answer, true) in enumerate(sections(), 1):
        parts.append(f"## {number}. {answer.question}\n\n{answer.sentence}.\n\nTruth: {true}.\n")
    return "\n".join([*parts, TAIL])


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
