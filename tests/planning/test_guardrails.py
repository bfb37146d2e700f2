"""Every row of Guardrails becomes a rule or one finding that says what to mend."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from xlbudget.data.dataset import Dataset, Region
from xlbudget.findings import Severity
from xlbudget.planning.guardrails import Rule, groups_of, read_guardrails, weeks_of
from xlbudget.tables import RULES

COLUMNS = ("id", "applies_to", "name", "rule", "value", "unit", "from", "to", "active")


def rows(*given: dict[str, Any]) -> pd.DataFrame:
    """A Guardrails frame; what a row leaves out is as in a floor on TV."""
    usual = {"id": "G1", "applies_to": "channel", "name": "TV", "rule": "min spend", "value": 100.0}
    return pd.DataFrame([{name: {**usual, **row}.get(name) for name in COLUMNS} for row in given])


def test_rules_are_spelled_as_in_the_table() -> None:
    assert tuple(Rule) == RULES


def test_the_sample_guardrails_are_read_without_an_error(
    sample_data: Dataset, sample_frames: dict[str, pd.DataFrame]
) -> None:
    rules, findings = read_guardrails(sample_data, sample_frames["guardrails"])
    assert not [f for f in findings if f.severity is Severity.ERROR]
    assert [rule.id for rule in rules][:3] == ["G1", "G2", "G3"]
    assert "G9" not in [rule.id for rule in rules]  # inactive


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"name": "TVV"}, "did you mean 'TV'"),
        ({"applies_to": "chanel"}, "did you mean 'channel'"),
        ({"rule": "min spnd"}, "did you mean 'min spend'"),
        ({"value": None}, "has no value"),
        ({"value": "lots"}, "not a number"),
        ({"value": -5.0}, "cannot be below 0"),
        ({"rule": "min share", "value": 20.0, "unit": "share"}, "2,000%"),
        ({"rule": "min share", "value": 120.0, "unit": "%"}, "120%"),
        ({"unit": "%"}, "is in money"),
        ({"rule": "ratio to another line", "value": 0.5, "unit": "Vido"}, "did you mean 'Video'"),
        ({"rule": "ratio to another line", "value": 0.5, "unit": "tv"}, "compared with itself"),
        ({"from": "2026-03-01", "to": "2026-02-01"}, "ends before it begins"),
    ],
)
def test_a_row_that_cannot_hold_is_one_finding_with_place_and_remedy(
    row: dict[str, Any], said: str, sample_data: Dataset
) -> None:
    rules, findings = read_guardrails(sample_data, rows({"id": "G0"}, row))
    (finding,) = [f for f in findings if f.severity is Severity.ERROR]
    assert [rule.id for rule in rules] == ["G0"]
    assert said in finding.problem
    assert finding.place.row == 1
    assert finding.remedy
    assert finding.where


@pytest.mark.parametrize("name", ["always on", None])
def test_a_rule_finer_than_the_grain_says_how_to_make_it_hold(
    name: str | None, sample_data: Dataset
) -> None:
    rules, (finding,) = read_guardrails(
        sample_data, rows({"applies_to": "campaign_type", "name": name})
    )
    assert not rules
    assert finding.severity is Severity.ERROR
    assert "add campaign_type to grain in Settings (it is: channel)" in finding.remedy


def test_a_ratio_of_each_to_one_leaves_that_one_out(sample_data: Dataset) -> None:
    each = {"name": None, "rule": "ratio to another line", "value": 0.5, "unit": "TV"}
    (rule,), findings = read_guardrails(sample_data, rows(each))
    assert not findings
    names = [group.name for group in groups_of(sample_data, rule)]
    assert "TV" not in names
    assert len(names) == len(sample_data.lines) - 1


def test_a_name_beside_total_is_told_to_play_no_part(sample_data: Dataset) -> None:
    (_rule,), (finding,) = read_guardrails(sample_data, rows({"applies_to": "total"}))
    assert finding.severity is Severity.WARNING
    assert "total" in finding.problem


@pytest.mark.parametrize(
    ("value", "unit", "share"),
    [(20.0, "%", 0.2), (0.2, "share", 0.2), (20.0, None, 0.2), (0.2, None, 0.2)],
)
def test_shares_are_read_in_percent_or_as_a_share(
    value: float, unit: str | None, share: float, sample_data: Dataset
) -> None:
    table = rows({"rule": "max share", "value": value, "unit": unit})
    (rule,), findings = read_guardrails(sample_data, table)
    assert rule.value == pytest.approx(share)
    assert not findings


def test_a_lock_needs_no_value_and_an_inactive_row_is_not_read(sample_data: Dataset) -> None:
    table = rows({"rule": "lock", "value": None}, {"id": "G2", "name": "TVV", "active": "no"})
    (rule,), findings = read_guardrails(sample_data, table)
    assert rule.value is None
    assert not findings


def test_names_differ_in_case_only_and_keep_the_data_s_spelling(sample_data: Dataset) -> None:
    (rule,), _ = read_guardrails(sample_data, rows({"name": "paid  social"}))
    assert rule.name == "Paid Social"


def test_a_rule_without_a_name_is_about_each(sample_data: Dataset) -> None:
    table = rows({"applies_to": "role", "name": None, "rule": "max share", "value": 0.6})
    (rule,), _ = read_guardrails(sample_data, table)
    names = [group.name for group in groups_of(sample_data, rule)]
    assert sorted(names) == ["brand", "harvest", "prospecting", "retention"]


def test_launch_means_the_regions_in_launch(sample_data: Dataset) -> None:
    table = rows({"applies_to": "region", "name": "launch", "rule": "approve any change"})
    (rule,), _ = read_guardrails(sample_data, table)
    assert [group.name for group in groups_of(sample_data, rule)] == ["South"]


def test_dates_pick_the_weeks_of_the_horizon_that_they_touch(sample_data: Dataset) -> None:
    first = sample_data.horizon[0]
    table = rows({"from": str(first + np.timedelta64(8, "D")), "to": str(first + 27)})
    (rule,), _ = read_guardrails(sample_data, table)
    assert np.flatnonzero(weeks_of(sample_data, rule)).tolist() == [1, 2, 3]


def test_a_rule_outside_the_horizon_is_a_warning(sample_data: Dataset) -> None:
    rules, (finding,) = read_guardrails(sample_data, rows({"to": "2020-01-01"}))
    assert finding.severity is Severity.WARNING
    assert len(rules) == 1


def test_a_rule_about_a_role_that_no_channel_has_is_noted_and_asks_for_nothing(
    sample_data: Dataset,
) -> None:
    floor = {"applies_to": "role", "name": "other", "rule": "min share", "value": 10.0}
    rules, (finding,) = read_guardrails(sample_data, rows(floor))
    assert not rules
    assert finding.severity is Severity.NOTE
    assert "other" in finding.problem


def test_a_launch_rule_is_silent_where_regions_tell_nothing(sample_data: Dataset) -> None:
    table = rows({"applies_to": "region", "name": "in launch", "rule": "approve any change"})
    unknown = replace(sample_data, region_facts={})
    assert not read_guardrails(unknown, table)[1]
    over = replace(sample_data, region_facts={"South": Region("South")})
    (finding,) = read_guardrails(over, table)[1]
    assert finding.severity is Severity.NOTE


def test_an_id_that_stands_twice_is_a_warning_that_names_both_places(sample_data: Dataset) -> None:
    """Prices and conflicts go by id: two rules of one id would be loosened together."""
    rules, (finding,) = read_guardrails(sample_data, rows({}, {"id": "G2"}, {"name": "Video"}))
    assert len(rules) == 3
    assert finding.severity is Severity.WARNING
    assert "row 3" in finding.where
    assert "'G1' also stands in Guardrails, row 1" in finding.problem
    assert finding.remedy
