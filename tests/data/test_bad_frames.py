"""Whatever is wrong with a table is found in one pass, with its place and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pytest

from xlbudget.data.dataset import Dataset
from xlbudget.data.raw import ErrorCell
from xlbudget.errors import BadInput
from xlbudget.findings import Finding, Severity

Frames = dict[str, Any]


def cell(column: str, row: int, value: Any, table: str = "spend") -> Callable[[Frames], None]:
    def change(frames: Frames) -> None:
        frames[table].loc[row, column] = value

    return change


def frame(table: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Callable[[Frames], None]:
    def apply(frames: Frames) -> None:
        frames[table] = change(frames[table])

    return apply


def add(table: str, **columns: Any) -> Callable[[Frames], None]:
    def apply(frames: Frames) -> None:
        frames[table] = pd.DataFrame(columns)

    return apply


def told(**settings: Any) -> Callable[[Frames], None]:
    def apply(frames: Frames) -> None:
        frames["settings"] = settings

    return apply


@dataclass(frozen=True)
class Case:
    change: Callable[[Frames], None]
    code: str
    where: str
    says: str = ""
    severity: Severity = Severity.ERROR
    extra: dict[str, Any] = field(default_factory=dict)


def case(change: Callable[[Frames], None], code: str, where: str, says: str = "") -> Case:
    return Case(change, code, where, says)


def noticed(change: Callable[[Frames], None], code: str, where: str, says: str = "") -> Case:
    return Case(change, code, where, says, Severity.WARNING)


TEST = {
    "id": ["t"],
    "channel": ["TV"],
    "start": ["2024-03-04"],
    "end": ["2024-04-04"],
    "spend_change": [10.0],
    "incremental_outcome": [3.0],
    "standard_error": [1.0],
}

CASES = {
    "a column is missing": case(
        frame("spend", lambda f: f.drop(columns="channel")),
        "column-missing",
        "Spend, column channel",
    ),
    "a column was renamed": case(
        frame("spend", lambda f: f.rename(columns={"spend": "spnd"})),
        "column-missing",
        "Spend, column spend",
        "did you mean 'spnd'?",
    ),
    "a column has another word for a name": case(
        frame("spend", lambda f: f.rename(columns={"week": "Date"})),
        "column-missing",
        "Spend, column week",
        "did you mean 'Date'?",
    ),
    "a column is there twice": case(
        frame("spend", lambda f: pd.concat([f, f[["spend"]]], axis=1)),
        "column-twice",
        "Spend, column spend",
    ),
    "text in a number": case(
        cell("spend", 3, "abc"), "number-text", "Spend, row 4, column spend", "'abc'"
    ),
    "a currency in a cell": case(
        cell("spend", 3, "EUR 1,200"), "number-currency", "Spend, row 4, column spend", "EUR 1,200"
    ),
    "another currency in a cell": case(
        cell("spend", 3, "$5"), "number-currency", "Spend, row 4, column spend", "$5"
    ),
    "a decimal sign that cannot be told": case(
        cell("spend", 3, "1,200"), "number-locale", "Spend, row 4, column spend", "'1,200'"
    ),
    "an error cell": case(
        cell("spend", 3, ErrorCell("#REF!")), "error-cell", "Spend, row 4, column spend", "#REF!"
    ),
    "an error as text": case(
        cell("spend", 3, "#N/A"), "error-cell", "Spend, row 4, column spend", "#N/A"
    ),
    "an infinite number": case(
        cell("spend", 3, np.inf), "number-infinite", "Spend, row 4, column spend"
    ),
    "negative spend": case(
        cell("spend", 3, -5.0), "spend-negative", "Spend, row 4, column spend", "Ledger"
    ),
    "a week that is no date": case(
        cell("week", 3, "tomorrow"), "date-text", "Spend, row 4, column week", "'tomorrow'"
    ),
    "a day that does not exist": case(
        cell("week", 3, "2024-02-30"), "date-text", "Spend, row 4, column week"
    ),
    "a date far away": case(
        cell("week", 3, pd.Timestamp("1905-01-02")), "date-range", "Spend, row 4, column week"
    ),
    "a week on another weekday": case(
        cell("week", 3, pd.Timestamp("2024-01-09")),
        "week-off-grid",
        "Spend, row 4, column week",
        "Tuesday",
    ),
    "a year that was mistyped": case(
        cell("week", 0, pd.Timestamp("2002-01-07")),
        "week-far-apart",
        "Spend, row 1, column week",
        "2002-01-07",
    ),
    "an outcome that was mistyped into the future": case(
        cell("week", 59, pd.Timestamp("2052-02-19"), "outcomes"),
        "week-far-apart",
        "Outcomes, row 60, column week",
    ),
    "tables whose weeks start on different days": case(
        frame("outcomes", lambda f: f.assign(week=f["week"] - pd.Timedelta(days=1))),
        "weeks-start-elsewhere",
        "Spend, column week",
        "Sunday",
    ),
    "daily outcomes": case(
        add("outcomes", week=pd.date_range("2024-01-01", periods=200), revenue=1.0),
        "days-not-weeks",
        "Outcomes, column week",
        "xlbudget import",
    ),
    "monthly outcomes": case(
        add("outcomes", week=pd.date_range("2024-01-01", periods=14, freq="MS"), revenue=1.0),
        "months-not-weeks",
        "Outcomes, column week",
    ),
    "a week and line twice": case(
        frame("spend", lambda f: pd.concat([f, f.iloc[[4]]], ignore_index=True)),
        "row-twice",
        "Spend, row 181, column week",
        "data row 5",
    ),
    "an empty table": case(frame("spend", lambda f: f.iloc[:0]), "table-empty", "Spend"),
    "an empty channel": case(
        cell("channel", 3, None), "cell-empty", "Spend, row 4, column channel"
    ),
    "an outcome of text": case(
        frame("outcomes", lambda f: f.assign(revenue="much")), "outcome-missing", "Outcomes"
    ),
    "an outcome that is not there": case(
        told(outcome="revenu"), "outcome-unknown", "Outcomes, column revenu", "'revenue'"
    ),
    "an unknown setting": case(
        told(horizon_week=3), "setting-unknown", "Settings, column horizon_week", "horizon_weeks"
    ),
    "a setting out of bounds": case(
        told(confidence=90), "setting-value", "Settings, column confidence", "0.90"
    ),
    "a choice that is none": case(told(risk="bold"), "setting-value", "Settings, column risk"),
    "a country that is none": case(
        told(holidays_country="ZZ"), "setting-value", "Settings, column holidays_country", "DE"
    ),
    "a grain without channel": case(
        told(grain="region"), "setting-value", "Settings, column grain"
    ),
    "a grain that Spend does not have": case(
        told(grain="channel x region"), "grain-region", "Settings, column grain"
    ),
    "a horizon in the past": case(
        told(horizon_start="2024-06-03"),
        "horizon-start",
        "Settings, column horizon_start",
        "2025-02-24",
    ),
    "a horizon too far ahead": case(
        told(horizon_start="2028-01-03"), "horizon-start", "Settings, column horizon_start"
    ),
    "a role that is none": case(
        add("channels", channel=["TV"], role=["brnd"]),
        "role-unknown",
        "Channels, row 1, column role",
        "'brand'",
    ),
    "a test of an unknown channel": case(
        add("experiments", **{**TEST, "channel": ["Serch"]}),
        "channel-unknown",
        "Experiments, row 1, column channel",
        "'Search'",
    ),
    "a test without error": case(
        add("experiments", **{**TEST, "standard_error": [0.0]}),
        "experiment-error",
        "Experiments, row 1, column standard_error",
    ),
    "a test that ends before it starts": case(
        add("experiments", **{**TEST, "end": ["2024-03-03"]}),
        "experiment-dates",
        "Experiments, row 1, column end",
    ),
    "a belief about an unknown line": case(
        add("priors", line=["Raido"], roi_low=[1.0]), "line-unknown", "Priors, row 1, column line"
    ),
    "too few weeks": case(
        frame("outcomes", lambda f: f.iloc[:6]), "too-few-weeks", "Outcomes", "6 weeks"
    ),
    "no money at all": case(
        frame("spend", lambda f: f.assign(spend=0.0)), "nothing-spent", "Spend"
    ),
    "spend that begins after the outcomes": case(
        frame("spend", lambda f: f.assign(week=f["week"] + pd.Timedelta(weeks=100))),
        "weeks-apart",
        "Spend",
    ),
    "a gap in weeks": noticed(
        frame("spend", lambda f: f.drop(index=range(30, 36))),
        "spend-gap",
        "Spend, column week",
        "2024-03-11 to 2024-03-18",
    ),
    "an empty amount": noticed(
        cell("spend", 3, np.nan), "spend-empty", "Spend, row 4, column spend"
    ),
    "spend after the last outcome": noticed(
        frame("outcomes", lambda f: f.iloc[:-4]),
        "spend-after-outcomes",
        "Spend, row 169, column week",
    ),
    "outcomes before the first spend": noticed(
        frame("spend", lambda f: f.iloc[6:]), "outcomes-before-spend", "Outcomes", "2 weeks"
    ),
    "a channel on which nothing was spent": noticed(
        frame("spend", lambda f: f.assign(spend=f["spend"].where(f["channel"] != "TV", 0.0))),
        "channel-unspent",
        "Spend, column spend",
        "TV",
    ),
    "names that differ in capitals": noticed(
        cell("channel", 2, "tv"), "name-case", "Spend, column channel", "'TV'"
    ),
    "a channel that is spelled otherwise in Channels": noticed(
        add("channels", channel=["TV", "Serch"], role=["brand", "harvest"]),
        "channel-not-spent",
        "Channels, row 2, column channel",
        "'Search'",
    ),
    "a column that is nearly one that is known": noticed(
        frame("spend", lambda f: f.assign(Campaign="x")),
        "column-ignored",
        "Spend, column Campaign",
        "campaign_type",
    ),
    "a test outside the data": noticed(
        add("experiments", **{**TEST, "start": ["2022-03-07"], "end": ["2022-04-03"]}),
        "experiment-outside",
        "Experiments, row 1, column start",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_trouble_is_one_finding_with_place_and_remedy(
    name: str, spend: pd.DataFrame, outcomes: pd.DataFrame
) -> None:
    wrong = CASES[name]
    frames: Frames = {"spend": spend, "outcomes": outcomes}
    wrong.change(frames)
    found = [f for f in findings_of(frames) if f.severity is wrong.severity]
    assert [f.code for f in found] == [wrong.code]
    assert found[0].where == wrong.where
    assert wrong.says in str(found[0])
    assert found[0].remedy


def findings_of(frames: Frames) -> tuple[Finding, ...]:
    try:
        return Dataset.from_frames(**frames).findings
    except BadInput as bad:
        return bad.findings


def test_everything_is_found_in_one_pass(spend: pd.DataFrame, outcomes: pd.DataFrame) -> None:
    spend.loc[3, "spend"] = "abc"
    spend.loc[5, "week"] = "tomorrow"
    spend.loc[8, "spend"] = -1.0
    outcomes.loc[2, "revenue"] = ErrorCell("#DIV/0!")
    channels = pd.DataFrame({"channel": ["TV"], "role": ["brnd"]})
    experiments = pd.DataFrame({**TEST, "channel": ["Serch"]})
    with pytest.raises(BadInput) as raised:
        Dataset.from_frames(
            spend,
            outcomes,
            channels=channels,
            experiments=experiments,
            settings={"risk": "bold"},
        )
    assert {finding.code for finding in raised.value.findings} == {
        "number-text",
        "date-text",
        "spend-negative",
        "error-cell",
        "role-unknown",
        "channel-unknown",
        "setting-value",
    }


def test_a_column_full_of_trouble_gives_twenty_findings_and_a_count(
    spend: pd.DataFrame, outcomes: pd.DataFrame
) -> None:
    found = findings_of({"spend": spend.assign(spend="x"), "outcomes": outcomes})
    assert len(found) == 21
    assert "160 more" in found[-1].problem


def test_one_text_among_numbers_that_can_only_be_read_one_way_is_read_and_noted(
    spend: pd.DataFrame, outcomes: pd.DataFrame
) -> None:
    spend.loc[3, "spend"] = "1.234,56"
    data = Dataset.from_frames(spend, outcomes)
    assert data.spend[1, 0, 0] == 1234.56
    assert "number-comma" in {finding.code for finding in data.findings}


def test_missing_outcomes_are_listed_and_stay_missing(
    spend: pd.DataFrame, outcomes: pd.DataFrame
) -> None:
    outcomes.loc[3, "revenue"] = None
    outcomes = outcomes.drop(index=10)
    data = Dataset.from_frames(spend, outcomes)
    assert np.flatnonzero(np.isnan(data.outcome[:, 0])).tolist() == [3, 10]
    note = next(f for f in data.findings if f.code == "outcome-missing-weeks")
    assert "2024-01-22, 2024-03-11" in note.problem


@pytest.mark.parametrize(("figure", "said"), [(0.0, "is 0 in"), (7.0, "is the same in")])
def test_an_outcome_that_never_changes_teaches_nothing(
    figure: float, said: str, spend: pd.DataFrame, outcomes: pd.DataFrame
) -> None:
    with pytest.raises(BadInput) as refused:
        Dataset.from_frames(spend, outcomes.assign(revenue=figure))
    (finding,) = refused.value.findings
    assert (finding.code, finding.where) == ("outcome-constant", "Outcomes, column revenue")
    assert said in finding.problem
    assert "Settings" in finding.remedy
