"""What a line is, and how regions of Spend and Outcomes meet."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from xlbudget.data.dataset import Dataset, Medium


def by_region(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    return pd.concat([frame.assign(region=name) for name in names], ignore_index=True)


@pytest.mark.parametrize(
    "grain",
    [
        "channel x region",
        "region, channel",
        "Channel X Region",
        ["region", "channel"],
        "channel|region",
    ],
)
def test_a_grain_may_be_spelled_in_any_order(
    spend: pd.DataFrame, outcomes: pd.DataFrame, grain: object
) -> None:
    data = Dataset.from_frames(
        by_region(spend, "North", "South"),
        by_region(outcomes, "North", "South"),
        settings={"grain": grain},
    )
    assert data.settings.grain == ("channel", "region")
    assert data.line_names[:2] == ("Search | North", "Search | South")


def test_regions_under_one_line_keep_their_own_money(
    spend: pd.DataFrame, outcomes: pd.DataFrame
) -> None:
    data = Dataset.from_frames(
        by_region(spend, "North", "South"), by_region(outcomes, "South", "North", "West")
    )
    assert data.regions == ("North", "South", "West")
    assert data.line_names == ("Search", "Social", "TV")
    assert data.line_of.tolist() == [[0, 1, 2], [0, 1, 2], [-1, -1, -1]]
    np.testing.assert_array_equal(data.spend[:, 0], data.spend[:, 1])


def test_a_region_may_have_no_outcome_at_all(spend: pd.DataFrame, outcomes: pd.DataFrame) -> None:
    here = pd.concat(
        [by_region(outcomes, "North"), by_region(outcomes.assign(revenue=np.nan), "South")]
    )
    data = Dataset.from_frames(by_region(spend, "North", "South"), here)
    assert np.isnan(data.outcome).all(axis=0).tolist() == [False, True]
    assert "outcome-missing-weeks" in {finding.code for finding in data.findings}


def test_campaign_types_and_products_are_told_apart_where_the_grain_asks(
    spend: pd.DataFrame, outcomes: pd.DataFrame
) -> None:
    spend["campaign_type"] = np.where(spend["channel"] == "TV", "", "Always on")
    spend["product"] = "Shoes"
    coarse = Dataset.from_frames(spend, outcomes)
    fine = Dataset.from_frames(spend, outcomes, settings={"grain": "channel x campaign_type"})
    finest = Dataset.from_frames(
        spend, outcomes, settings={"grain": "product, channel, campaign_type"}
    )
    assert coarse.media == (Medium("Search"), Medium("Social"), Medium("TV"))
    assert fine.line_names == ("Search | Always on", "Social | Always on", "TV")
    assert finest.line_names == (
        "Search | Always on | Shoes",
        "Social | Always on | Shoes",
        "TV | Shoes",
    )


def test_national_outcomes_keep_regions_of_spend_apart_only_where_the_grain_asks(
    spend: pd.DataFrame, outcomes: pd.DataFrame
) -> None:
    spend = by_region(spend, "North", "South")
    summed = Dataset.from_frames(spend, outcomes)
    apart = Dataset.from_frames(spend, outcomes, settings={"grain": "channel x region"})
    assert summed.spend.shape == (60, 1, 3)
    assert apart.spend.shape == (60, 1, 6)
    assert apart.media[0] == Medium("Search", region="North")
    assert apart.line_names[0] == "Search | North"


def test_outcomes_by_region_are_added_up_where_spend_has_none(
    spend: pd.DataFrame, outcomes: pd.DataFrame
) -> None:
    regional = by_region(outcomes, "North", "South")
    regional.loc[3, "revenue"] = None
    data = Dataset.from_frames(spend, regional)
    assert data.regions == ("",)
    assert np.isnan(data.outcome[3, 0])  # South alone is not the nation
    np.testing.assert_allclose(data.outcome[4, 0], 2 * float(outcomes.loc[4, "revenue"]))
    assert "outcomes-added-up" in {finding.code for finding in data.findings}


def test_people_are_known_only_if_known_for_every_region(
    spend: pd.DataFrame, outcomes: pd.DataFrame
) -> None:
    frames = by_region(spend, "North", "South"), by_region(outcomes, "North", "South")
    regions = pd.DataFrame({"region": ["South", "North"], "population": [2.0, 1.0]})
    known = Dataset.from_frames(*frames, regions=regions)
    partly = Dataset.from_frames(*frames, regions=regions.iloc[:1])
    assert known.population is not None
    assert known.population.tolist() == [1.0, 2.0]
    assert partly.population is None


def test_platforms_claims_are_kept_beside_the_money(
    spend: pd.DataFrame, outcomes: pd.DataFrame
) -> None:
    spend["platform_revenue"] = np.where(spend["channel"] == "TV", np.nan, 7.0)
    data = Dataset.from_frames(spend, outcomes)
    assert data.attributed is not None
    assert data.attributed[0, 0, :2].tolist() == [7.0, 7.0]
    assert np.isnan(data.attributed[:, 0, 2]).all()


def test_every_text_column_of_channels_is_an_attribute(
    spend: pd.DataFrame, outcomes: pd.DataFrame
) -> None:
    channels = pd.DataFrame(
        {
            "channel": ["tv", "Search"],
            "Role": ["Brand", "harvest"],
            "Customer_Tier": ["A", None],
            "long_term_factor": [0.5, None],
        }
    )
    data = Dataset.from_frames(spend.replace("TV", "tv"), outcomes, channels=channels)
    assert data.channels["tv"].role == "brand"
    assert data.channels["tv"].attributes["customer tier"] == "A"
    assert data.channels["tv"].long_term_factor == 0.5
    assert data.channels["Social"].role == "other"
