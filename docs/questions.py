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
from xlbudget.tabular import Array

PAGE = Path(__file__).with_name("questions.md")
TABLES = ("spend", "outcomes", "controls", "channels", "regions", "experiments", "settings")
HEAD = """# Six questions, answered in the meeting

Written by `python docs/questions.py`. The sentences are the model's answers on the sample market;
the truth is the simulator's, which the model never sees. Outcome is revenue in EUR; ranges are
90 %, so about one truth in ten lies outside. The first two keep the sample's guardrails; the first
finds the better split on one half of the draws and judges it on the other, and calls a saving clear
only where its range is above zero. Where nothing stands out from the noise of the weekly figures,
the third says so and names where most is lost.
"""
TAIL = """## Which budget, and what for

Two kinds of rows in Scenarios split the money anew, within the guardrails and for the world that
the rows before them left. Their scope is `total` and they are about the whole horizon.

| what | change | answers |
| --- | --- | --- |
| `budget` | % -12 | the cut as it should be made, beside the even one (`spend`, % -12) |
| `budget` | % 0 | the same money where it does most; after a cost row: where it goes then |
| `goal` | % 5, amount or set to | the least budget whose plan brings that much more, or that much |
| `goal` | % 0 | after a cost row: what it takes to make good for it |

`%` and `amount` of a goal count from the value of the plan as it stands; `set to` is that value
itself, as the target of BUDGET_FOR. What every budget would bring is FRONTIER; several `budget`
rows side by side are a part of it that can be charted week by week.

## Where a difference comes from

In Python, `scenario(...).waterfall()` splits every difference into causes, line by line: spend,
cost, response, what the response does to earlier spend (carry-in), outcome value, and the baseline
that controls move. Each is worked out with those before it already changed, so what two of them do
together belongs to the later one, and all add up to the total. `scenario(...).weekly()` is the same
difference week by week with its range. `long_term` stands beside the outcome: what comes beyond it,
by long_term_factor in Channels and long_term_weight in Settings; profit counts both.

## In words, anywhere

The sentences above stand in the plan file and in the template's sheet Scenario sentences; they come
from ANSWERS (`xlbudget answers`, `xb.answers`), for the scenarios of a workbook or, without any,
for these six. It also says what was combined, or lies beyond what was ever observed. For a scenario
that is none of the six, the sentence tells outcome, profit, when half of it has come, and the
probability of less profit. Rows that cannot be answered (below zero, unknown names, dates outside
the horizon) are told all at once, cell by cell, by `xlbudget validate`, READINESS and Checks; only
what a scenario itself takes beyond the observed is marked, not what the plan does.

## How likely each is

Scenarios may carry a weight: how likely each is (a price shock 20 %, say). What is left to 100 % is
the plan as it stands, and a note says so. The answer then has one more scenario, `expected`: every
difference times its weight, added up draw by draw. Its range tells how well that expectation is
known, not how far apart the scenarios are; look at the scenarios' own rows for that.

Which plan to have when nobody knows which scenario comes: ROBUST_PLAN (`xlbudget robust-plan`,
`xb.robust_plan`) gives two, and REGRETS tells how each fares in every scenario. The *expected* plan
has the highest profit on average, as weighted. The *robust* plan has the smallest largest regret:
*regret* is the profit missed in a scenario by not having had the plan that is best in it. No
allowed plan's largest regret is below its `bound` (in Python): the search over all scenarios at
once is certified like any other. Changes of spend, budget and goal are what a plan decides, not
what happens to it, and are left out there with a warning; a scenario of nothing else is the world
as it is.

## When to spend

FLIGHT spreads each line's money over the weeks. In Guardrails, `max a week`, `min a week if on` and
`min weeks in a row` say what a week takes: at most so much; nothing or at least so much; and so
many weeks together once it is on, each in the weeks that its dates name. They are about one line
each, and only flighting looks at them.

Nobody knows what is spent after the horizon, so money is moved only where that gains both if
nothing is (as in the value of any plan) and if the plan's money a week goes on; the sentence tells
both gains. A line that always ran is not taken below its smallest week, nor below two thirds of
its usual one. Effects may swing with the season: every figure weighs the seasons that are possible
by how likely they are, so FORECAST and SCENARIO say the same of a spread. Where the worst fifth of
the draws would lose more than half of the expected gain, a shorter way towards that spread is
taken, or the plan's spread is kept.
"""


def sections() -> Iterator[tuple[Answer, str]]:
    """Each answer and what is true, with whether the range told holds it."""
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
    told = f"; the split found would {'save' if moves > 0 else 'lose another'} {abs(moves):,.0f}"
    moved = abs(moves) >= 1.0  # less is the even cut again
    yield answer, f"spread evenly it loses {_held(answer, -change(cut))}{told if moved else ''}"
    answer = more_money(model, plan, guardrails=rules)
    more = dict(zip(data.line_names, answer.table["current"] + answer.table["change"], strict=True))
    yield answer, f"put there it brings {_held(answer, change(more))}"
    answer = softening(model, plan)
    asked = [line for line in now if roles[line] == "prospecting"]
    yield answer, _softened(truth, answer, asked, list(frames["regions"]["region"]))
    paid = sum(m for line, m in now.items() if roles[line] == "prospecting")
    kept = sum(m for line, m in now.items() if roles[line] == "retention")
    shares = {"prospecting": 1.0 - 30_000 / paid, "retention": 1.0 + 30_000 / kept}
    moved = {line: m * shares[roles[line]] for line, m in now.items() if roles[line] in shares}
    answer = moved_money(model, plan, 30_000.0)
    yield answer, f"the move changes the outcome by {_held(answer, change(moved))}"
    dearer = {"Paid Search": now["Paid Search"] / 1.2}
    returns = truth.marginal_roi({line: money / 13.0 for line, money in now.items()})
    ranked = sorted(returns, key=lambda line: -returns[line])
    answer = dearer_channel(model, plan, "Paid Search")
    named = str(answer.figures["next"])
    yield (
        answer,
        (
            f"the plan loses {_held(answer, -change(dearer))}; the next unit returns "
            f"{returns[named]:.2f} in {named}, and most in {ranked[0]} ({returns[ranked[0]]:.2f}) "
            f"and {ranked[1]} ({returns[ranked[1]]:.2f})"
        ),
    )
    answer = shift_and_test(model, plan, "TV", "Paid Social")
    six, whole = _shifted(truth)
    yield (
        answer,
        f"the six weeks change by {_held(answer, six)}, and in all by {whole:,.0f}",
    )


def _held(answer: Answer, true: float) -> str:
    """A true figure, and whether the range of the answer holds it."""
    low, high = float(answer.figures["low"]), float(answer.figures["high"])
    return f"{true:,.0f} ({'inside' if low <= true <= high else 'outside'} the range)"


def _softened(truth: Truth, answer: Answer, lines: list[str], regions: list[str]) -> str:
    """What the line and the region that are named truly lose by then, and which loses most."""
    cells = {name: truth.line_of == truth.lines.index(name) for name in lines}
    cut = np.any(list(cells.values()), axis=0)
    rows = np.arange(len(regions))[:, None]
    losses = {
        "": {name: _lost(truth, mine) for name, mine in cells.items()},
        "region_": {name: _lost(truth, cut & (rows == r)) for r, name in enumerate(regions)},
    }
    told = []
    for kind, lost in losses.items():
        name, day = (str(answer.figures[f"{kind}{word}"]) for word in ("where", "week"))
        true = float(lost[name][truth.horizon <= np.datetime64(day)].sum())
        low, high = (float(answer.figures[f"{kind}{end}"]) for end in ("low", "high"))
        inside = "inside" if low <= true <= high else "outside"
        most = max(lost, key=lambda each: float(lost[each].sum()))
        first = "and most of all" if most == name else f"while {most} loses most"
        told.append(f"{name} loses {true:,.0f} ({inside} the range) {first}")
    return "; of the regions, ".join(told)


def _lost(truth: Truth, cells: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Array:
    """(H,) outcome that 15 % less in these cells (R, M) truly loses in each week."""
    less = replace(truth, plan=np.where(cells, 0.85 * truth.plan, truth.plan))
    return np.asarray(truth.expected_outcome() - less.expected_outcome())


def _shifted(truth: Truth) -> tuple[float, float]:
    """True change of the first six weeks when 15 % of TV go to Paid Social in them, and in all."""
    path = truth.plan.copy()
    source, target = (
        np.asarray(truth.line_of == truth.lines.index(name)) for name in ("TV", "Paid Social")
    )
    money = 0.15 * path[:6][:, source].sum()
    path[:6, source] *= 0.85
    path[:6, target] *= 1.0 + money / path[:6][:, target].sum()
    changed = replace(truth, plan=path)
    six = (changed.expected_outcome() - truth.expected_outcome())[:6].sum()
    return float(six), sum(changed.value().values()) - sum(truth.value().values())


def page() -> str:
    """The page's text."""
    parts = [HEAD]
    for number, (answer, true) in enumerate(sections(), 1):
        parts.append(f"## {number}. {answer.question}\n\n{answer.sentence}.\n\nTruth: {true}.\n")
    return "\n".join([*parts, TAIL])


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
