"""A plan at any grain becomes money by week, region and medium; what is odd is found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlbudget.data.dataset import Dataset
from xlbudget.data.raw import RawTable
from xlbudget.errors import BadArgument, BadInput
from xlbudget.findings import Place
from xlbudget.planning.plan import Plan, make_plan
from xlbudget.planning.plan_periods import weeks_of_period


def totals(plan: Plan) -> dict[str, float]:
    return dict(zip(plan.data.line_names, plan.totals.tolist(), strict=True))


def rows(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(columns)


def test_the_sample_plan_arrives_to_the_cent(
    sample_data: Dataset, sample_frames: dict[str, pd.DataFrame]
) -> None:
    plan, findings = make_plan(sample_data, sample_frames["plan"])
    assert findings == ()
    wanted = sample_frames["plan"].groupby("channel")["planned_spend"].sum()
    assert totals(plan) == pytest.approx(wanted.to_dict())
    by_week = sample_frames["plan"].groupby("week")["planned_spend"].sum()
    np.testing.assert_allclose(plan.spend.sum(axis=(1, 2)), by_week)


def test_no_plan_means_the_last_13_weeks_again(sample_data: Dataset) -> None:
    plan, findings = make_plan(sample_data, None)
    np.testing.assert_array_equal(plan.spend, sample_data.spend[-13:])
    assert findings == ()
    longer = replace(sample_data, settings=replace(sample_data.settings, horizon_weeks=20))
    again, _ = make_plan(longer, None)
    np.testing.assert_array_equal(again.spend[13:], sample_data.spend[-13:-6])


def test_an_empty_table_is_said_and_means_the_same(sample_data: Dataset) -> None:
    plan, findings = make_plan(sample_data, rows(week=[], channel=[], planned_spend=[]))
    assert [finding.code for finding in findings] == ["plan-empty-table"]
    np.testing.assert_array_equal(plan.spend, sample_data.spend[-13:])


def test_a_coarser_plan_is_spread_as_the_last_13_weeks_were(sample_data: Dataset) -> None:
    plan, _ = make_plan(sample_data, rows(period=["horizon"], channel=["TV"], planned_spend=[1e6]))
    medium = [m.channel for m in sample_data.media].index("TV")
    recent = sample_data.spend[-13:, :, medium].sum(axis=0)
    np.testing.assert_allclose(
        plan.spend[:, :, medium], np.tile(1e6 / 13 * recent / recent.sum(), (13, 1))
    )


def test_a_plan_by_region_goes_there(sample_data: Dataset) -> None:
    frame = rows(channel=["tv", "TV"], region=["North", "South"], planned_spend=[130.0, 26.0])
    plan, _ = make_plan(sample_data, frame)
    by_region = plan.spend.sum(axis=(0, 2))
    assert dict(zip(sample_data.regions, by_region, strict=True)) == pytest.approx(
        {"North": 130.0, "South": 26.0, "Central": 0.0}
    )


def test_a_plan_finer_than_the_data_is_added_up(sample_data: Dataset) -> None:
    frame = rows(
        channel=["Paid Search"] * 2,
        campaign_type=["Generic", "Shopping"],
        planned_spend=[100.0, 50.0],
    )
    plan, _ = make_plan(sample_data, frame)
    assert totals(plan)["Paid Search"] == pytest.approx(150.0)


@pytest.mark.parametrize(
    ("period", "first", "count"),
    [
        ("2026-Q1", "2025-12-29", 13),
        ("Q1 2026", "2025-12-29", 13),
        ("2026-03", "2026-03-02", 4),
        ("2026-03-01", "2026-03-02", 4),  # what a spreadsheet makes of 2026-03
        ("2026-01", "2025-12-29", 5),
        ("2026", "2025-12-29", 53),
        ("horizon", "2025-12-29", 13),
    ],
)
def test_a_week_belongs_to_the_period_of_most_of_its_days(
    sample_data: Dataset, period: str, first: str, count: int
) -> None:
    weeks = weeks_of_period(period, sample_data.horizon)
    assert weeks is not None
    assert (str(weeks[0]), len(weeks)) == (first, count)


@given(year=st.integers(2000, 2060), day=st.integers(0, 6))
def test_every_week_belongs_to_exactly_one_quarter_and_one_month(year: int, day: int) -> None:
    horizon = np.datetime64("2026-01-05") + day + 7 * np.arange(13)
    of_year = weeks_of_period(str(year), horizon)
    quarters = [weeks_of_period(f"{year}-Q{part}", horizon) for part in range(1, 5)]
    months = [weeks_of_period(f"{year}-{part:02d}", horizon) for part in range(1, 13)]
    np.testing.assert_array_equal(np.concatenate(quarters), of_year)
    np.testing.assert_array_equal(np.concatenate(months), of_year)


def test_a_period_is_spread_evenly_and_what_lies_outside_is_said(sample_data: Dataset) -> None:
    frame = rows(period=["2026"], channel=["TV"], planned_spend=[5300.0])
    plan, findings = make_plan(sample_data, frame)
    np.testing.assert_allclose(plan.spend.sum(axis=(1, 2)), np.full(13, 100.0))
    outside = next(f for f in findings if f.code == "plan-outside-horizon")
    assert "4,000 EUR" in outside.problem


def test_lines_without_a_plan_are_zero_and_named(sample_data: Dataset) -> None:
    plan, findings = make_plan(sample_data, rows(channel=["TV"], planned_spend=[5.0]))
    assert totals(plan)["Video"] == 0
    note = next(f for f in findings if f.code == "plan-line-missing")
    assert "Video" in note.problem


def test_everything_wrong_is_found_in_one_pass_with_its_place(sample_data: Dataset) -> None:
    frame = rows(
        week=["2026-01-05", "soon", None, "2026-01-12", "2026-01-12"],
        channel=["Vidoe", "TV", "TV", "Display", "Display"],
        region=["North", "North", "Nroth", "North", "North"],
        planned_spend=[1.0, 2.0, 3.0, -4.0, 5.0],
    )
    with pytest.raises(BadInput) as caught:
        make_plan(sample_data, frame)
    found = {(f.code, f.place.row) for f in caught.value.findings}
    assert ("channel-unknown", 0) in found
    assert ("region-unknown", 2) in found
    assert ("planned-spend-negative", 3) in found
    assert ("row-twice", 4) in found
    assert any(row == 1 for _, row in found)  # the week that is no date
    messages = str(caught.value)
    assert "did you mean 'Video'" in messages
    assert "did you mean 'North'" in messages


def test_weeks_that_start_on_another_day_count_where_they_overlap_most(
    sample_data: Dataset,
) -> None:
    sundays = sample_data.horizon - np.timedelta64(1, "D")
    frame = rows(week=sundays, channel=["TV"] * 13, planned_spend=np.arange(1.0, 14.0))
    plan, findings = make_plan(sample_data, frame)
    np.testing.assert_allclose(plan.spend.sum(axis=(1, 2)), np.arange(1.0, 14.0))
    assert "plan-weeks-elsewhere" in {finding.code for finding in findings}


def test_a_plan_by_day_is_added_up_to_weeks(sample_data: Dataset) -> None:
    days = sample_data.horizon[0] + np.arange(91)
    frame = rows(week=days, channel=["TV"] * 91, planned_spend=[2.0] * 91)
    plan, findings = make_plan(sample_data, frame)
    np.testing.assert_allclose(plan.spend.sum(axis=(1, 2)), np.full(13, 14.0))
    assert "plan-weeks-elsewhere" not in {finding.code for finding in findings}


def test_a_place_is_spelled_as_the_reader_saw_it(sample_data: Dataset) -> None:
    raw = RawTable.from_rows(
        "Plan",
        ["period", "channel", "planned_spend"],
        [["2026-Q1", "TV", 10.0], ["soon", "TV", 20.0]],
        locate=lambda place: f"Plan!row{(place.row or 0) + 2}",
    )
    with pytest.raises(BadInput, match="Plan!row3: 'soon' is not a period"):
        make_plan(sample_data, raw)


def test_a_plan_for_another_quarter_is_refused_with_a_remedy(sample_data: Dataset) -> None:
    frame = rows(period=["2027-Q1"], channel=["TV"], planned_spend=[5.0])
    with pytest.raises(BadInput, match="Set horizon_start") as caught:
        make_plan(sample_data, frame)
    assert caught.value.findings[0].code == "plan-outside-horizon"


def test_money_for_what_never_ran_is_left_out_and_said(sample_data: Dataset) -> None:
    frame = rows(channel=["Video", "Video"], region=["North", "South"], planned_spend=[100.0, 9.0])
    plan, findings = make_plan(sample_data, frame)
    assert totals(plan)["Video"] == pytest.approx(100.0)
    warning = next(f for f in findings if f.code == "plan-never-ran")
    assert warning.place == Place("Plan", 1, "channel")
    assert "9 EUR" in warning.problem


def test_scaling_keeps_the_shape_and_reaches_the_totals(
    sample_data: Dataset, sample_frames: dict[str, pd.DataFrame]
) -> None:
    plan, _ = make_plan(sample_data, sample_frames["plan"])
    wanted = plan.totals * np.linspace(0.5, 1.5, len(plan.totals))
    scaled = plan.scaled(wanted)
    np.testing.assert_allclose(scaled.totals, wanted)
    np.testing.assert_allclose(scaled.scaled(plan.totals).spend, plan.spend, atol=1e-6)
    with pytest.raises(BadArgument):
        plan.scaled(np.ones(3))


def test_scaling_a_line_from_zero_spreads_it_as_it_recently_ran(sample_data: Dataset) -> None:
    nothing = Plan(sample_data, np.zeros((13, *sample_data.line_of.shape)))
    wanted = np.arange(1.0, len(sample_data.lines) + 1)
    scaled = nothing.scaled(wanted)
    np.testing.assert_allclose(scaled.totals, wanted)
    np.testing.assert_allclose(scaled.spend, np.tile(scaled.spend[:1], (13, 1, 1)))
    assert not scaled.spend[:, sample_data.line_of < 0].any()
