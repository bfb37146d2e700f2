"""The columns of every result as people see them: titles, units, number formats, widths."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from workbook.book import Shown
from workbook.styles import (
    DAY,
    MONEY,
    RATE,
    SHARE,
    SIGNED,
    SIGNED_RATE,
    SIGNED_SHARE,
    TEXT,
    YES_OR_NO,
    Format,
)

_MONEY = Format(MONEY, 14, right=True)
_SIGNED = Format(SIGNED, 13, right=True)
_BROAD = Format(MONEY, 15, right=True)
_WIDE = Format(SIGNED, 15, right=True)
_RATE = Format(RATE, 12, right=True)
_SHARE = Format(SHARE, 12, right=True)
_NAME = Format(TEXT, 24)
_WORD = Format(TEXT, 16)
_FLAG = Format(YES_OR_NO, 16)
_DAY = Format(DAY, 13)

LINE = Shown("line", "Line", _NAME)

FORECAST = (
    Shown("week", "Week", _DAY, "first day"),
    Shown("baseline", "Baseline", _MONEY, "outcome"),
    Shown("incremental", "Caused by spend", _MONEY, "outcome"),
    Shown("total", "Total", _MONEY, "outcome"),
    Shown("low", "Total, low", _MONEY, "outcome"),
    Shown("high", "Total, high", _MONEY, "outcome"),
)
CARRIED = (
    Shown("part", "Carried over", _DAY),
    Shown("outcome", "Outcome", _MONEY, "outcome"),
    Shown("low", "Low", _MONEY, "outcome"),
    Shown("high", "High", _MONEY, "outcome"),
    Shown("faded", "Faded", Format(DAY, 14), "first day"),
    Shown("words", "In words", Format(TEXT, 14)),
)
MARGINAL_ROI = (
    LINE,
    Shown("spend", "Weekly spend", _MONEY, "money"),
    Shown("roi", "Average ROI", _RATE, "money per money"),
    Shown("marginal_roi", "Marginal ROI", _RATE, "money per money"),
    Shown("low", "Marginal, low", _RATE, "money per money"),
    Shown("high", "Marginal, high", _RATE, "money per money"),
    Shown("prob_pays_back", "Pays back", _SHARE, "probability"),
    Shown("saturation", "Saturation", _SHARE, "of the ceiling"),
    Shown("observed", "Spend seen before", _FLAG, "yes or no"),
)
ALLOCATION = (
    LINE,
    Shown("current", "Current", _MONEY, "money"),
    Shown("recommended", "Recommended", _MONEY, "money"),
    Shown("change", "Change", _SIGNED, "money"),
    Shown("change_pct", "Change, %", Format(SIGNED_SHARE, 11, right=True), "of current"),
    Shown("gain", "Gain", _SIGNED, "outcome"),
    Shown("low", "Gain, low", _SIGNED, "outcome"),
    Shown("high", "Gain, high", _SIGNED, "outcome"),
    Shown("marginal_roi", "Marginal ROI", _RATE, "money per money"),
    Shown("limit", "Held by", Format(TEXT, 22), "guardrail"),
    Shown("limit_price", "Its price", Format("#,##0.00", 12, right=True), "outcome per unit"),
)
BEST_SPEND = (
    LINE,
    Shown("current", "Current", _MONEY, "money"),
    Shown("low", "Best, low", _MONEY, "money"),
    Shown("best", "Best", _MONEY, "money"),
    Shown("high", "Best, high", _MONEY, "money"),
)
IN_PART = Shown("in_part", "Move in part", _MONEY, "money")
CURVE = (
    Shown("spend", "Weekly spend", _MONEY, "money"),
    Shown("response", "Response", _MONEY, "outcome a week"),
    Shown("low", "Low", _MONEY, "outcome a week"),
    Shown("high", "High", _MONEY, "outcome a week"),
    Shown("marginal_roi", "Marginal ROI", _RATE, "money per money"),
    Shown("observed", "Seen before", _FLAG, "yes or no"),
)
APPROVALS = (
    LINE,
    Shown("change", "Change", _SIGNED, "money"),
    Shown("status", "Status", _WORD),
    Shown("rule", "Rule", Format(TEXT, 72, wrap=True)),
    Shown("approver", "Approver", Format(TEXT, 22)),
)
READINESS = (
    Shown("check", "Check", Format(TEXT, 30, wrap=True)),
    Shown("status", "Status", Format(TEXT, 10)),
    Shown("where", "Where", Format(TEXT, 24, wrap=True)),
    Shown("what to do", "What to do", Format(TEXT, 70, wrap=True)),
)
FIT = (
    LINE,
    Shown("r_hat", "Agreement", _RATE, "R-hat, 1 is best"),
    Shown("effective_draws", "Independent draws", _MONEY, "count"),
    Shown("no_effect", "No effect", _SHARE, "probability"),
    Shown("words", "In words", Format(TEXT, 14)),
)
PRIORS = (
    LINE,
    Shown("roi_low", "ROI, low", _RATE, "believed"),
    Shown("roi_high", "ROI, high", _RATE, "believed"),
    Shown("half_life_weeks", "Half-life", _RATE, "weeks, believed"),
    Shown("half_saturation", "Half saturation", _MONEY, "money a week"),
    Shown("chance_of_no_effect", "No effect", _SHARE, "believed"),
    Shown("roi_low_now", "ROI, low, now", _RATE, "with the data"),
    Shown("roi_high_now", "ROI, high, now", _RATE, "with the data"),
    Shown("half_life_now", "Half-life, now", _RATE, "weeks"),
    Shown("half_saturation_now", "Half saturation, now", _MONEY, "money a week"),
    Shown("no_effect_now", "No effect, now", _SHARE, "with the data"),
    Shown("reason", "Reason", Format(TEXT, 40, wrap=True)),
)
SCENARIO = (
    Shown("scenario", "Scenario", Format(TEXT, 28)),
    Shown("total", "Of", Format(TEXT, 8)),
    Shown("spend", "Spend", _WIDE, "money"),
    Shown("outcome", "Outcome", _WIDE, "outcome"),
    Shown("low", "Outcome, low", _WIDE, "outcome"),
    Shown("high", "Outcome, high", _WIDE, "outcome"),
    Shown("profit", "Profit", _WIDE, "money"),
    Shown("profit_low", "Profit, low", _WIDE, "money"),
    Shown("profit_high", "Profit, high", _WIDE, "money"),
    Shown("roi", "ROI", Format(SIGNED_RATE, 13, right=True), "money per money"),
    Shown("prob_loss", "Less profit", _SHARE, "probability"),
    Shown("observed", "Spend seen before", _FLAG, "yes or no"),
    Shown("long_term", "Long-term", _WIDE, "outcome"),
)
SCENARIO_WEEK = (
    SCENARIO[0],
    Shown("week", "Week", _DAY, "first day"),
    *SCENARIO[2:9],
    *SCENARIO[10:],
)
SCENARIO_LINE = (SCENARIO[0], LINE, *SCENARIO[2:])
SENTENCES = (
    SCENARIO[0],
    Shown("question", "Question", Format(TEXT, 44, wrap=True)),
    Shown("answer", "Answer", Format(TEXT, 130, wrap=True)),
)
ROBUST = (
    SCENARIO[0],
    Shown("weight", "Weight", _SHARE, "probability"),
    Shown("plan", "Plan", _WORD),
    *SCENARIO[3:7],
    Shown("regret", "Missed", _BROAD, "money"),
)
ROBUST_LINES = (
    replace(LINE, format=SCENARIO[0].format),
    Shown("current", "Current", _BROAD, "money"),
    Shown("expected", "Best on average", _BROAD, "money"),
    Shown("robust", "Robust", _BROAD, "money"),
)
FLIGHT = (
    Shown("week", "Week", _DAY, "first day"),
    LINE,
    Shown("current", "Planned", _MONEY, "money"),
    Shown("spend", "Recommended", _MONEY, "money"),
    Shown("gain", "Gain", _SIGNED, "outcome"),
)
FRONTIER = (
    Shown("budget", "Budget", _BROAD, "money"),
    Shown("change_pct", "Of the plan's", Format(SIGNED_SHARE, 13, right=True), "difference"),
    Shown("outcome", "Outcome", _BROAD, "outcome"),
    Shown("low", "Outcome, low", _BROAD, "outcome"),
    Shown("high", "Outcome, high", _BROAD, "outcome"),
    Shown("marginal_roi", "Marginal ROI", Format(RATE, 15, right=True), "money per money"),
)
RECONCILE = (
    Shown("month", "Month", Format("yyyy-mm", 30)),
    Shown("difference", "Difference", Format(SIGNED, 10, right=True), "money"),
    Shown("channel", "Channel", _NAME),
    Shown("status", "What", Format(TEXT, 70, wrap=True)),
)


def in_units(columns: Iterable[Shown], currency: str, outcome: str) -> tuple[Shown, ...]:
    """The columns with the workbook's own currency and outcome in their units."""
    money, outcome = currency or "money", outcome or "outcome"

    def unit(column: Shown) -> str:
        if column.unit == "money per money":
            return f"{money} per {money}"
        return column.unit.replace("outcome", outcome).replace("money", money)

    return tuple(replace(column, unit=unit(column)) for column in columns)
