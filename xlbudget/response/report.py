"""What a fit says of itself: agreement of the chains, and prior against posterior."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from xlbudget.data.dataset import Dataset
from xlbudget.response.beliefs import CENTRE_SPREAD, Z90, belief_of
from xlbudget.response.diagnostics import (
    ENOUGH,
    FINE,
    LOOK,
    REFUSED,
    TOTAL_LIMIT,
    Diagnostics,
    agreement,
)
from xlbudget.response.effects import Effects
from xlbudget.response.posterior import Draws
from xlbudget.response.prior_table import PriorTable
from xlbudget.response.problem import Problem
from xlbudget.tabular import Array

NEW = 26  # weeks of spend below which a line is hardly known
STEADY = 0.02  # sd of spend over its mean below which it never changed
COLUMNS = tuple(f.name for f in fields(PriorTable) if f.name not in ("line", "reason"))


def diagnose(data: Dataset, problem: Problem, sampled: Draws) -> Diagnostics:
    """R-hat, effective draws and chance of no effect per line, and the verdict."""
    spent = data.spend.sum(axis=0)[np.ix_(problem.regions, problem.media)]
    weight = spent if spent.any() else np.ones_like(spent)
    chains, draws = sampled.roi.shape[1], sampled.roi.shape[0]
    place = data.line_of[np.ix_(problem.regions, problem.media)]
    caused = np.zeros((draws, chains, len(data.lines)))
    for line in range(len(data.lines)):
        cells = place == line
        own = weight * cells if (weight * cells).any() else cells.astype(float)
        caused[:, :, line] = (sampled.roi * own).sum(axis=(2, 3))
    r_hat, effective = agreement(caused)
    total_r, total_n = agreement((sampled.roi * weight).sum(axis=(2, 3))[:, :, None])
    no_effect = (caused == 0).mean(axis=(0, 1))
    scarce = _scarce(data)
    words = tuple(_words(*row) for row in zip(r_hat, effective, no_effect, scarce, strict=True))
    verdict, reasons = _verdict(data, float(total_r[0]), effective)
    sentences = (
        f"Fitted on {_weeks_seen(data)} weeks with an outcome and {len(data.lines)} lines.",
        f"The total of all media rests on about {float(total_n[0]):,.0f} independent draws "
        f"(R-hat {float(total_r[0]):.2f}; 1 is perfect agreement of the chains).",
        *reasons,
        *_set_aside(data, problem),
    )
    return Diagnostics(
        data.line_names, r_hat, effective, no_effect, words, verdict, sentences, reasons
    )


def _scarce(data: Dataset) -> list[str]:
    """Per line why the data can say little about it; "" where it can."""
    spend = data.by_line(data.spend)  # (W, L)
    said = []
    for path in spend.T:
        ran = path[path > 0]
        if len(ran) < NEW and path[-len(ran) or None :].all():
            said.append(f"it has run for {len(ran)} weeks only: its range rests on its role")
        elif len(ran) == len(path) and path.std() < STEADY * path.mean():
            said.append("its spend hardly ever changed: what it brings cannot be seen in the data")
        elif len(ran) < NEW:
            said.append(f"it ran in {len(ran)} weeks only: its range rests on its role")
        else:
            said.append("")
    return said


def _words(r_hat: float, effective: float, no_effect: float, scarce: str) -> str:
    if effective < ENOUGH / 2 and r_hat > 1.2:
        settled = "its range is rough: the chains do not agree on this line"
    else:
        settled = f"settled; its range rests on about {effective:,.0f} independent draws"
    idle = "more likely than not it has no effect that this data can show"
    return "; ".join(filter(None, (settled, scarce, idle if no_effect > 0.5 else "")))


def _weeks_seen(data: Dataset) -> int:
    return int((~np.isnan(data.outcome)).any(axis=1).sum())


def _verdict(data: Dataset, r_hat: float, by_line: Array) -> tuple[str, tuple[str, ...]]:
    """The verdict and why. Weakly known lines alone never refuse a fit: their ranges are wide."""
    seen, reasons = _weeks_seen(data), []
    verdict = FINE
    rough = [name for name, n in zip(data.line_names, by_line, strict=True) if n < ENOUGH / 2]
    if rough:
        verdict = LOOK
        reasons.append(f"Ranges are rough for {', '.join(rough)}: few independent draws.")
    if seen < 26:
        verdict = LOOK
        reasons.append(f"{seen} weeks are few: ranges rest mostly on what was believed before.")
    if seen < 8:
        verdict = REFUSED
        reasons.append("Fewer than 8 weeks have an outcome: this fit must not be used.")
    if r_hat > TOTAL_LIMIT:
        verdict = REFUSED
        reasons.append("The chains disagree on the total of all media: do not use this fit.")
    return verdict, tuple(reasons)


def _set_aside(data: Dataset, problem: Problem) -> tuple[str, ...]:
    """Which weeks were left out of the likelihood, if any."""
    weeks, regions = np.nonzero(problem.look.odd)
    if not weeks.size:
        return ()
    named = [
        f"{data.weeks[week]}" + (f" in {data.regions[region]}" if data.regions[region] else "")
        for week, region in zip(weeks, regions, strict=True)
    ]
    shown = ", ".join(named[:6]) + (f" and {len(named) - 6} more" if len(named) > 6 else "")
    return (f"Set aside, because nothing in the data explains their outcome: {shown}.",)


def prior_against_posterior(data: Dataset, problem: Problem, effects: Effects) -> PriorTable:
    """Per line, by its largest medium; ROI over all regions and media weighted by spend."""
    worth = data.settings.money_per_outcome
    spent = data.spend.sum(axis=0)
    rows: list[tuple[float, ...]] = []
    reasons = []
    overridden = {row.line for row in data.priors}
    for line, facts in enumerate(data.lines):
        cells = data.line_of == line
        weight = np.where(cells, spent, 0.0)
        if not weight.any():
            weight = cells.astype(float)
        weight = weight / max(weight.sum(), 1e-300)
        medium = int(weight.sum(axis=0).argmax())
        region = int(weight[:, medium].argmax())
        belief = belief_of(data, data.media[medium])
        learned = belief.roi is None  # then the level that all lines share is uncertain too
        centre = belief.roi or problem.roi_unit
        width = np.exp(Z90 * np.hypot(belief.roi_spread, CENTRE_SPREAD * learned))
        shapes, draw = effects.used(medium)
        roi = (effects.roi_past * weight).sum(axis=(1, 2)) * worth
        library = effects.shapes[medium]
        rows.append(
            (
                centre * worth / width,
                centre * worth * width,
                belief.half_life,
                float(np.median(library.half[region])),
                belief.no_effect,
                *np.quantile(roi, [0.05, 0.95]),
                float(np.median(shapes.half_life[draw])),
                float(np.median(shapes.half[region][draw])),
                float((roi == 0).mean()),
            )
        )
        channel = data.channels.get(facts.channel)
        role = channel.role if channel else "other"
        own = facts.name in overridden or facts.channel in overridden
        why = "set in Priors" if own else f"default of role {role}"
        reasons.append(why + "; ROI learned beside the other lines" * learned)
    table = np.array(rows, dtype=float).reshape(len(data.lines), len(COLUMNS)).T
    return PriorTable(
        line=data.line_names, reason=tuple(reasons), **dict(zip(COLUMNS, table, strict=True))
    )
