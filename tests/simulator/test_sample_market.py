"""The sample market is what the docs say it is, and the same on every run."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from xlbudget.simulator import Market, sample_market


def test_the_same_seed_gives_the_same_digits(sample_market: Market) -> None:
    again = _market(0)
    for name, columns in sample_market.tables.items():
        for header, values in columns.items():
            np.testing.assert_array_equal(values, again.tables[name][header])
    other = _market(1)
    assert not np.array_equal(
        sample_market.tables["spend"]["spend"], other.tables["spend"]["spend"]
    )


def test_it_has_the_promised_shape(sample_market: Market) -> None:
    tables = sample_market.tables
    assert len(np.unique(tables["outcomes"]["week"])) == 130
    assert len(np.unique(tables["controls"]["week"])) == 143  # the horizon's weeks too
    assert len(tables["channels"]["channel"]) == 8
    assert len(set(tables["channels"]["role"])) == 4
    assert set(tables["outcomes"]["region"]) == {"North", "Central", "South"}
    assert len(np.unique(tables["plan"]["week"])) == 13
    assert len(tables["experiments"]["id"]) == 2
    kinds = set(zip(tables["spend"]["channel"], tables["spend"]["campaign_type"], strict=True))
    assert {kind for channel, kind in kinds if channel == "Paid Search"} == {"Generic", "Shopping"}


def test_one_channel_is_saturated_one_underfunded_and_one_new(sample_market: Market) -> None:
    truth = sample_market.truth
    marginal, average = truth.marginal_roi(), truth.roi()
    assert marginal["Brand Search"] < 0.35 * average["Brand Search"]
    assert marginal["Video"] == max(marginal.values())
    spend = sample_market.tables["spend"]
    first = spend["week"][(spend["channel"] == "Creators") & (spend["spend"] > 0)].min()
    assert np.unique(spend["week"])[-1] - first < np.timedelta64(20 * 7, "D")


def test_the_ledger_differs_in_three_known_places(sample_market: Market) -> None:
    differences = sample_market.truth.ledger_differences
    assert len(differences) == 3
    ledger = sample_market.tables["ledger"]
    booked = {
        (month, channel): amount
        for month, channel, amount in zip(
            ledger["month"], ledger["channel"], ledger["amount"], strict=True
        )
    }
    for place in differences:
        assert booked[place.month, place.channel] == place.finance != place.marketing
    recorded = sample_market.tables["spend"]["spend"].sum()
    slips = sum(place.marketing - place.finance for place in differences)
    assert abs(ledger["amount"].sum() + slips - recorded) < 1.0


def test_the_lift_tests_measure_the_truth_within_their_error(sample_market: Market) -> None:
    tests = sample_market.tables["experiments"]
    assert tests["spend_change"][0] < 0 < tests["spend_change"][1]
    effect = tests["incremental_outcome"]
    assert np.all(np.sign(effect) == np.sign(tests["spend_change"]))
    assert np.all(np.abs(effect) > 3 * tests["standard_error"])


def test_the_outcome_is_baseline_effects_and_noise(sample_market: Market) -> None:
    truth = sample_market.truth
    revenue = sample_market.tables["outcomes"]["revenue"].reshape(130, 3).sum(axis=1)
    explained = truth.baseline[:130].sum(axis=1) + truth.weekly_contribution().sum(axis=1)
    np.testing.assert_allclose(revenue, explained + truth.noise[:130].sum(axis=1), atol=2.0)


def test_it_is_written_as_csv_and_read_back(sample_market: Market, tmp_path: Path) -> None:
    written = sample_market.write(tmp_path / "market")
    assert {path.stem for path in written} == set(sample_market.tables)
    with (tmp_path / "market" / "regions.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["launch_start"] == ""
    assert rows[2]["launch_start"] == "2025-11-03"


def test_frames_hold_the_same_tables(sample_market: Market) -> None:
    frames = sample_market.frames()
    assert set(frames) == set(sample_market.tables)
    assert frames["spend"]["spend"].sum() == sample_market.tables["spend"]["spend"].sum()


def _market(seed: int) -> Market:
    return sample_market(seed)
