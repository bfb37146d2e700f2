"""Every scope, every figure and every way of changing it is answered, in a market that has all."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

from xlbudget.data.dataset import Dataset
from xlbudget.planning.plan import Plan, make_plan
from xlbudget.planning.rules import names_of, scopes_of
from xlbudget.planning.scenarios.scenario import scenario
from xlbudget.response.fit import fit
from xlbudget.response.model import ResponseModel

LINES = (
    ("TV", "brand", "A"),
    ("TV", "promo", "A"),
    ("Search", "generic", "A"),
    ("Search", "generic", "B"),
    ("Email", "crm", "B"),
)
SCOPES = (
    "total",
    "channel",
    "role",
    "lifecycle stage",
    "region",
    "campaign type",
    "product",
    "line",
    "agency",
)
CHANGES = {"%": -10.0, "amount": 5.0, "set to": 2.0}


@pytest.fixture(scope="module")
def model() -> ResponseModel:
    """Two regions, campaign types, products and a further attribute of channels: the agency."""
    random, weeks = np.random.default_rng(0), pd.date_range("2024-01-01", periods=78, freq="7D")
    columns = ["week", "channel", "campaign_type", "product", "region", "spend"]
    spend = pd.DataFrame(
        [
            (week, *line, region, float(random.gamma(4.0, 250.0)))
            for week, line, region in product(weeks, LINES, ("North", "South"))
        ],
        columns=columns,
    )
    outcomes = pd.DataFrame(spend.groupby(["week", "region"])["spend"].sum()).reset_index()
    outcomes["revenue"] = 20_000.0 + 1.2 * outcomes["spend"] + random.normal(0, 800, len(outcomes))
    ahead = pd.date_range("2024-01-01", periods=91, freq="7D")
    controls = pd.DataFrame({"week": ahead, "price": 100.0 + random.normal(size=len(ahead))})
    channels = pd.DataFrame(
        {
            "channel": ["TV", "Search", "Email"],
            "role": ["brand", "harvest", "retention"],
            "lifecycle_stage": ["reach", "act", "keep"],
            "agency": ["X", "Y", "Y"],
        }
    )
    settings = {"outcome": "revenue", "grain": "channel x campaign_type x product"}
    data = Dataset.from_frames(
        spend=spend,
        outcomes=outcomes.drop(columns="spend"),
        controls=controls,
        channels=channels,
        settings=settings,
    )
    return fit(data, draws=200)


@pytest.fixture(scope="module")
def plan(model: ResponseModel) -> Plan:
    return make_plan(model.data, None)[0]


@pytest.mark.parametrize("scope", SCOPES)
def test_every_figure_of_a_scope_is_changed_between_its_dates(
    model: ResponseModel, plan: Plan, scope: str
) -> None:
    assert scope in scopes_of(model.data)
    horizon = model.data.horizon
    name = "" if scope == "total" else names_of(model.data, scope)[-1]
    asked = list(product(("spend", "cost", "response", "outcome value"), CHANGES.items()))
    table = pd.DataFrame(
        [
            {
                "scenario": f"{what} {how}",
                "scope": scope,
                "name": name,
                "what": what,
                "change": how,
                "value": value,
                "from": horizon[3],
                "to": horizon[6],
            }
            for what, (how, value) in asked
        ]
    )
    found = scenario(model, plan, table, "week").table.set_index("scenario")
    for what, (how, _) in asked:
        weeks = found.loc[f"{what} {how}"]
        numbers = weeks.select_dtypes("number").to_numpy()
        assert np.isfinite(numbers).all()
        assert (numbers[:3] == 0).all(), "nothing happens before its first day"
        assert weeks["profit"].iloc[3:].any()
        assert bool((weeks["spend"].iloc[3:7] != 0).all()) == (what == "spend")
        assert not weeks["spend"].iloc[7:].any()


@pytest.mark.parametrize("how", CHANGES)
def test_a_control_is_changed_like_anything_else(
    model: ResponseModel, plan: Plan, how: str
) -> None:
    row = {"scenario": "x", "scope": "total", "name": "price", "what": "control"}
    table = pd.DataFrame([{**row, "change": how, "value": CHANGES[how]}])
    total = scenario(model, plan, table, "total").table.iloc[0]
    assert total["low"] <= total["outcome"] <= total["high"]
    assert total["outcome"] != 0


@pytest.mark.parametrize("by", [*SCOPES, "week"])
def test_scenarios_side_by_side_add_up_however_they_are_told_apart(
    model: ResponseModel, plan: Plan, by: str
) -> None:
    table = pd.DataFrame(
        {
            "scenario": ["cut", "dearer"],
            "scope": ["total", "region"],
            "name": ["", "North"],
            "what": ["spend", "cost"],
            "change": ["%", "%"],
            "value": [-10.0, 20.0],
        }
    )
    totals = scenario(model, plan, table, "total").table.set_index("scenario")
    parts = scenario(model, plan, table, by).table
    for figure in ("spend", "outcome", "profit"):
        added = parts.groupby("scenario")[figure].sum()
        for name in ("cut", "dearer"):
            assert added[name] == pytest.approx(totals.loc[name, figure], rel=1e-9, abs=1e-9)
    assert parts["prob_loss"].between(0, 1).all()
