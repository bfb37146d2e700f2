"""Wide files as people have them become the tables of a budget book."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from xlbudget.data.build import build_dataset
from xlbudget.data.csv_file import read_csv
from xlbudget.data.dataset import Dataset
from xlbudget.data.frames import raw_table
from xlbudget.data.raw import RawTable
from xlbudget.data.wide import Imported, Role, convert, parse_spend, propose_mapping, to_tables
from xlbudget.errors import BadArgument, BadInput

WEEKS = pd.date_range("2023-01-02", periods=110, freq="7D")


def numbers(seed: int, size: int = len(WEEKS)) -> np.ndarray:
    return np.random.default_rng(seed).gamma(2.0, 1000.0, size).round(2)


def wide(**columns: Any) -> RawTable:
    """A wide file of cells as a CSV has them: text."""
    frame = pd.DataFrame(columns)
    cells = {
        name: np.array([str(cell) for cell in frame[name]], dtype=object) for name in frame.columns
    }
    return RawTable("market", cells)


def roles(raw: RawTable, **said: Any) -> dict[str, str]:
    return {c.header: c.role.value for c in propose_mapping(raw, **said).columns}


def imported(raw: RawTable, **said: Any) -> tuple[Imported, Dataset]:
    result = convert(raw, propose_mapping(raw, **said))
    data, findings = build_dataset(result.tables)
    assert data is not None, findings
    return result, data


def test_suffixes_of_one_letter_tell_money_views_and_clicks() -> None:
    raw = wide(
        DATE=WEEKS.date,
        revenue=numbers(0),
        tv_S=numbers(1),
        facebook_I=numbers(2),
        facebook_S=numbers(3),
        search_clicks_P=numbers(4),
        search_S=numbers(5),
        competitor_sales_B=numbers(6),
        events=np.where(np.arange(110) == 50, "launch", "na"),
        newsletter=numbers(7),
    )
    assert roles(raw) == {
        "DATE": "date",
        "revenue": "outcome",
        "tv_S": "spend",
        "facebook_I": "impressions",
        "facebook_S": "spend",
        "search_clicks_P": "clicks",
        "search_S": "spend",
        "competitor_sales_B": "control",
        "events": "control",
        "newsletter": "control",
    }
    result, data = imported(raw)
    assert data.line_names == ("Facebook", "Search", "TV")
    assert set(data.control_names) == {"competitor_sales_B", "events: launch", "newsletter"}
    spend = result.tables["spend"].columns
    of = spend["channel"] == "Facebook"
    np.testing.assert_allclose(spend["impressions"][of], numbers(2))
    assert np.isnan(spend["impressions"][~of]).all()


def test_prefixes_dummies_and_counters_of_time_are_known() -> None:
    media = ("dm", "inst", "nsp", "auddig", "vidtr", "so", "on", "sem")
    holidays = ("Black Friday", "Cyber Monday", "Easter", "Father's Day", "July 4th")
    raw = wide(
        wk_strt_dt=WEEKS.date,
        yr_nbr=WEEKS.year,
        wk_in_yr_nbr=np.arange(110) % 52,
        **{f"mdip_{name}": numbers(20 + i) for i, name in enumerate(media)},
        **{f"mdsp_{name}": numbers(40 + i) for i, name in enumerate(media)},
        mdsp_never=np.zeros(110),
        sales=numbers(0),
        me_gas_dpg=numbers(1),
        st_ct=numbers(2),
        **{f"hldy_{name}": (np.arange(110) % 52 == i) * 1 for i, name in enumerate(holidays)},
        **{f"seas_week_{i}": (np.arange(110) % 52 == i) * 1 for i in range(40, 49)},
    )
    found = roles(raw)
    assert {h for h, role in found.items() if role == "spend"} == {f"mdsp_{n}" for n in media}
    assert {h for h, role in found.items() if role == "impressions"} == {f"mdip_{n}" for n in media}
    assert found["sales"] == "outcome"
    assert {h for h, role in found.items() if role == "control"} == {
        "me_gas_dpg",
        "st_ct",
        *(f"hldy_{name}" for name in holidays),
    }
    mapping = propose_mapping(raw)
    reasons = {column.header: column.reason for column in mapping.columns}
    assert reasons["mdsp_never"] == "nothing was ever spent on it"
    assert "counts time" in reasons["seas_week_40"]
    assert len(imported(raw)[1].control_names) == 7


def test_regions_people_and_the_value_of_an_outcome_are_read() -> None:
    raw = wide(
        geo=np.repeat(["North", "Süd"], 110),
        time=np.tile(WEEKS.date, 2),
        **{f"Channel{i}_impression": numbers(i, 220) for i in range(3)},
        **{f"Channel{i}_spend": numbers(9 + i, 220) for i in range(3)},
        sentiment_score_control=numbers(20, 220),
        Organic_impression=numbers(21, 220),
        conversions=numbers(22, 220),
        revenue_per_conversion=0.035,
        population=np.repeat([500, 700], 110),
    )
    result, data = imported(raw)
    assert data.regions == ("North", "Süd")
    assert data.population is not None
    assert data.population.tolist() == [500.0, 700.0]
    assert data.settings.value_per_outcome == pytest.approx(0.035)
    assert data.settings.outcome == "conversions"
    assert data.control_names == ("Organic_impression", "sentiment_score_control")
    assert "wide-value" in {finding.code for finding in result.findings}


def test_numbered_columns_are_spend_where_nothing_else_is() -> None:
    raw = wide(
        date_week=WEEKS.date,
        y=numbers(0),
        x1=numbers(1),
        **{"x2_Search-Ads": numbers(2)},
        event_1=(np.arange(110) == 3) * 1,
        c1=numbers(3),
        c1_effect=numbers(4),
        dayofyear=WEEKS.day_of_year,
        t=np.arange(110),
    )
    found = roles(raw)
    assert [h for h, role in found.items() if role == "spend"] == ["x1", "x2_Search-Ads"]
    assert [h for h, role in found.items() if role == "control"] == ["event_1", "c1"]
    assert [h for h, role in found.items() if role == "ignored"] == ["c1_effect", "dayofyear", "t"]
    assert imported(raw)[1].line_names == ("Search-Ads", "x1")


def test_media_by_name_are_spend_where_no_column_says_spend() -> None:
    raw = wide(
        Week=WEEKS.strftime("%m/%d/%Y"),
        TV=numbers(1),
        Radio=numbers(2),
        Newspaper=numbers(3),
        Sales=numbers(0),
        competitor_tv_spend=numbers(4),
        price=numbers(5),
    )
    _, data = imported(raw)
    assert data.line_names == ("Newspaper", "Radio", "TV")
    assert data.control_names == ("competitor_tv_spend", "price")


def test_a_german_daily_file_becomes_weeks(tmp_path: Path) -> None:
    days = pd.date_range("2023-01-04", periods=200)  # Wednesday
    frame = pd.DataFrame(
        {
            "Datum": days.strftime("%d.%m.%Y"),
            "Google.Ads Kosten": [f"1.{i:03},50" for i in range(200)],
            "TV-Kosten": "200,00",
            "Umsatz": ["10.000,00"] * 13 + ["9.000,00"] * 187,
            "Temperatur": [f"{i % 7},5" for i in range(200)],
        }
    )
    frame.to_csv(tmp_path / "markt.csv", sep=";", index=False, encoding="utf-8-sig")
    raw = read_csv(tmp_path / "markt.csv", "markt")
    result, data = imported(raw)
    assert data.weeks[0] == np.datetime64("2023-01-09")
    assert data.line_names == ("Google Ads", "TV")
    assert data.spend[0, 0].tolist() == [sum(1000.5 + i for i in range(5, 12)), 1400.0]
    assert data.outcome[:, 0].tolist()[:3] == [70_000.0, 64_000.0, 63_000.0]
    daily = next(f for f in result.findings if f.code == "wide-daily")
    assert "2023-01-02" in daily.problem  # the week that is not complete


def test_what_is_said_wins_over_what_is_guessed() -> None:
    raw = wide(
        day=WEEKS.date,
        revenue=numbers(0),
        orders=numbers(1),
        a=numbers(2),
        b=numbers(3),
        radio_spend=numbers(4),
        price=numbers(5),
        rain=numbers(6),
    )
    mapping = propose_mapping(
        raw, outcome="orders", spend=parse_spend("a=TV, b=TV"), controls=["RAIN"]
    )
    assert mapping.outcome == "orders"
    assert mapping.spend == {"a": "TV", "b": "TV"}
    assert [c.header for c in mapping.of(Role.CONTROL)] == ["rain"]
    assert [c.header for c in mapping.of(Role.IGNORED)] == ["radio_spend", "price"]
    tables = to_tables(raw, mapping)
    np.testing.assert_allclose(tables["spend"].columns["spend"], numbers(2) + numbers(3))
    assert list(tables["outcomes"].columns) == ["week", "orders", "revenue"]


def test_roles_are_guessed_from_names_and_said() -> None:
    names = ("tv", "brand_search", "generic_search", "email", "paid_social", "whatever")
    raw = wide(
        date=WEEKS.date,
        sales=numbers(0),
        **{f"{name}_spend": numbers(i + 1) for i, name in enumerate(names)},
    )
    result, data = imported(raw)
    assert {name: channel.role for name, channel in data.channels.items()} == {
        "Brand Search": "harvest",
        "Email": "retention",
        "Generic Search": "harvest",
        "Paid Social": "prospecting",
        "TV": "brand",
        "Whatever": "other",
    }
    assert "wide-roles" in {finding.code for finding in result.findings}


def test_the_plan_repeats_the_last_thirteen_weeks() -> None:
    raw = wide(date=WEEKS.date, sales=numbers(0), tv_spend=numbers(1), ooh_spend=numbers(2))
    result, data = imported(raw)
    plan = pd.DataFrame(dict(result.tables["plan"].columns))
    assert sorted(set(plan["week"])) == [pd.Timestamp(week) for week in data.horizon]
    assert plan.groupby("channel")["planned_spend"].sum().to_dict() == {
        "OOH": pytest.approx(numbers(2)[-13:].sum()),
        "TV": pytest.approx(numbers(1)[-13:].sum()),
    }


@pytest.mark.parametrize(
    ("columns", "codes"),
    [
        ({"sales": numbers(0), "tv_spend": numbers(1)}, {"wide-no-date"}),
        ({"date": WEEKS.date, "tv_spend": numbers(1)}, {"wide-no-outcome"}),
        ({"date": WEEKS.date, "sales": numbers(0)}, {"wide-no-spend"}),
        (
            {"date": WEEKS.date, "sales": numbers(0), "tv_spend": ["EUR 5", *numbers(1)[1:]]},
            {"number-currency"},
        ),
        (
            {"date": np.repeat(WEEKS.date, 2), "sales": 1.0, "tv_spend": 1.0},
            {"wide-several-rows"},
        ),
        (
            {
                "date": pd.date_range("2020-01-01", periods=40, freq="MS").date,
                "sales": 1.0,
                "tv_spend": 1.0,
            },
            {"wide-cadence"},
        ),
    ],
)
def test_what_is_missing_or_wrong_is_a_finding_with_what_to_say(
    columns: dict[str, Any], codes: set[str]
) -> None:
    raw = wide(**columns)
    with pytest.raises(BadInput) as raised:
        convert(raw, propose_mapping(raw))
    assert {f.code for f in raised.value.findings if f.severity == "error"} == codes


def test_a_header_that_the_file_does_not_have_is_said_with_the_nearest() -> None:
    raw = wide(date=WEEKS.date, sales=numbers(0), tv_spend=numbers(1))
    with pytest.raises(BadArgument, match="'tv_spend'"):
        propose_mapping(raw, spend={"tv_spnd": "TV"})


def test_two_columns_that_would_get_one_name_keep_their_headers() -> None:
    raw = wide(date=WEEKS.date, sales=numbers(0), tv_spend=numbers(1), tv_cost=numbers(2))
    assert set(propose_mapping(raw).spend.values()) == {"tv_spend", "tv_cost"}


def test_a_frame_serves_as_well_as_a_file() -> None:
    frame = pd.DataFrame({"week": WEEKS, "revenue": numbers(0), "TV spend": numbers(1)})
    raw = RawTable("frame", raw_table("spend", frame).columns)
    assert imported(raw)[1].line_names == ("TV",)


def test_many_channels_beside_their_views_and_clicks() -> None:
    columns: dict[str, Any] = {"date": WEEKS.date, "bookings": numbers(0)}
    for i in range(30):
        columns[f"Kanal {i}.spend"] = numbers(i)
        columns[f"Kanal {i}.impressions"] = numbers(100 + i)
        columns[f"Kanal {i}.clicks"] = numbers(200 + i)
    for i in range(40):
        columns[f"is_holiday_{i}"] = (np.arange(110) % 53 == i) * 1
    _, data = imported(wide(**columns))
    assert len(data.lines) == 30
    assert len(data.control_names) == 40


def test_a_share_of_market_is_no_region_and_the_finest_region_counts() -> None:
    raw = wide(
        country=np.repeat("DE", 220),
        state=np.repeat(["BY", "NW"], 110),
        dma=np.tile(np.repeat([501, 803], 55), 2),
        date=np.tile(WEEKS.date, 2),
        market_share=numbers(1, 220) / 7,
        online_sales=numbers(0, 220),
        tv_spend=numbers(2, 220),
    )
    found = roles(raw)
    assert found["country"] == "ignored"
    assert found["market_share"] == "control"
    assert found["online_sales"] == "outcome"  # the only one there is
    assert [found["state"], found["dma"]].count("region") == 1


def test_a_column_named_for_weeks_that_holds_no_dates_is_not_the_date() -> None:
    raw = wide(
        week_sales=numbers(0) * 0 + 45_000.0,
        start=WEEKS.date,
        revenue=numbers(0),
        tv_spend=numbers(1),
    )
    assert propose_mapping(raw).date == "start"


def test_spend_that_cannot_be_read_is_an_error_and_not_left_out() -> None:
    money = [f"$ {cell}" if row % 2 else f"{cell} €" for row, cell in enumerate(numbers(1))]
    raw = wide(date=WEEKS.date, tv_spend=money, search_spend=numbers(2), revenue=numbers(3))
    assert roles(raw)["tv_spend"] == "spend"
    with pytest.raises(BadInput, match="tv_spend"):
        convert(raw, propose_mapping(raw))


@pytest.mark.parametrize("name", ["channel", "Media Source"])
def test_a_row_for_each_channel_is_told_from_a_column_for_each(name: str) -> None:
    days = np.repeat(WEEKS, 3)
    named = {name: np.tile(["TV", "Radio", "Search"], len(WEEKS))}
    raw = wide(day=days.date, **named, cost=numbers(3, len(days)))
    with pytest.raises(BadInput) as refused:
        propose_mapping(raw)
    (finding,) = refused.value.findings
    assert finding.code == "wide-long"
    assert name in finding.problem
    assert "spend.csv" in finding.remedy
