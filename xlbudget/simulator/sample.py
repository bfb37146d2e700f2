"""The sample market: a retailer that the demo, the tutorial and many tests plan for."""

from __future__ import annotations

from typing import Any

import numpy as np

from xlbudget.simulator import baseline as world
from xlbudget.simulator.forms import TAIL, carry_over
from xlbudget.simulator.ledger import booked
from xlbudget.simulator.market import Market, Table, spend_table, table_of_rows, weekly_table
from xlbudget.simulator.sample_recipe import (
    CELLS,
    HORIZON,
    LAUNCH,
    MEDIA,
    NAMES,
    POPULATION,
    REGIONS,
    REVENUE,
    SIZE,
    START,
    TESTS,
    WEEKS,
    LiftTest,
)
from xlbudget.simulator.sample_rules import CHANNELS, GUARDRAILS, SETTINGS
from xlbudget.simulator.truth import Response, Truth
from xlbudget.tabular import Array, Weeks


def sample_market(seed: int = 0) -> Market:
    """130 weeks of a retailer in three regions, eight channels in four roles, and its next quarter.

    Brand Search is saturated, Video underfunded, Creators new; South is in launch; Paid Social and
    Paid Search were lift-tested; finance's ledger differs from marketing's records in 3 places.
    """
    random = np.random.default_rng([seed, 20260101])
    weeks = world.weeks_from(START, WEEKS + HORIZON)
    past, horizon = weeks[:WEEKS], weeks[WEEKS:]
    controls = _controls(random, weeks)
    demand = world.season(weeks, 330.0, 0.10, 0.03) + world.holidays(weeks)
    usual = _spend(random, weeks, demand)[:WEEKS]
    spend = _with_tests(usual, past)
    response = _response(random, spend)
    plan = _plan(random, spend)
    base = _baseline(weeks, demand, controls)
    noise = base * (
        world.shocks(random, len(weeks), 0.6, 0.012)[:, None] + random.normal(0.0, 0.02, base.shape)
    )
    ledger, differences = booked(
        past,
        CELLS,
        spend,
        (("2024-10", "Paid Search", 1.18), ("2025-03", "Display", 0.0), ("2025-06", "TV", 0.76)),
    )
    truth = Truth(
        past,
        horizon,
        NAMES,
        np.tile([NAMES.index(channel) for channel, _ in CELLS], (len(REGIONS), 1)),
        spend,
        plan,
        response,
        np.ones(WEEKS + HORIZON + TAIL),
        base,
        noise,
        ledger_differences=differences,
    )
    media = response.outcome(spend)
    revenue = np.round((base + noise)[:WEEKS] + media.sum(axis=2))
    customers = np.round(revenue / 240.0 * random.lognormal(0.0, 0.03, revenue.shape))
    tables = {
        "settings": table_of_rows(("setting", "value"), SETTINGS),
        "spend": spend_table(past, REGIONS, CELLS, spend, _platforms(random, spend, media)),
        "outcomes": weekly_table(past, REGIONS, {"revenue": revenue, "new_customers": customers}),
        "controls": weekly_table(weeks, REGIONS, controls),
        "regions": _regions(),
        "channels": table_of_rows(*CHANNELS),
        "guardrails": table_of_rows(*GUARDRAILS),
        "experiments": _experiments(random, past, response, spend, usual),
        "plan": _plan_table(horizon, plan),
        "ledger": ledger,
    }
    return Market(seed, tables, truth)


def _controls(random: np.random.Generator, weeks: Weeks) -> dict[str, Array]:
    """Price index and promotion weeks (T, R), known for the horizon too."""
    steps = np.repeat(random.normal(0.0, 2.5, (len(weeks) // 13 + 1, len(REGIONS))), 13, axis=0)
    price = 100.0 + 0.02 * np.arange(len(weeks))[:, None] + steps[: len(weeks)]
    promo = np.zeros((len(weeks), len(REGIONS)))
    promo[random.choice(len(weeks), len(weeks) // 10, replace=False)] = 1.0
    return {"price_index": np.round(price, 1), "promo": promo}


def _baseline(weeks: Weeks, demand: Array, controls: dict[str, Array]) -> Array:
    """(T, R) revenue a week without advertising."""
    trend = 0.08 * np.arange(len(weeks)) / 52.0 - 0.015 * (np.arange(len(weeks)) / 52.0) ** 2
    lift = demand + trend
    price = -0.9 * (controls["price_index"] / 100.0 - 1.0)
    return REVENUE * SIZE * (1.0 + lift[:, None] + price + 0.06 * controls["promo"])


def _spend(random: np.random.Generator, weeks: Weeks, demand: Array) -> Array:
    """(T, R, M) whole money a week, before the lift tests."""
    spend = np.zeros((len(weeks), len(REGIONS), len(MEDIA)))
    launch = 1.0 + 0.5 * (weeks >= np.datetime64(LAUNCH[0]))
    together = world.shocks(random, len(weeks), 0.5, 1.0)
    for index, recipe in enumerate(MEDIA):
        own = world.shocks(random, len(weeks), 0.5, 1.0)
        local = random.normal(0.0, 0.35, (len(weeks), len(REGIONS)))
        mood = 0.4 * together + 0.85 * own + recipe.season * demand / recipe.swing
        path = np.exp(recipe.swing * (mood[:, None] + local))
        if recipe.burst:
            on, off = recipe.burst
            turn = int(random.integers(on + off))
            path[(np.arange(len(weeks)) + turn) % (on + off) >= on] = 0.0
        path[: recipe.first_week] = 0.0
        regions = SIZE * np.array([1.0, 1.0, float(recipe.national)])
        path = path * (regions / regions.sum())
        path[:, 2] *= launch
        spend[..., index] = path * recipe.weekly / path[recipe.first_week :].sum(axis=1).mean()
    return np.round(spend)


def _with_tests(usual: Array, weeks: Weeks) -> Array:
    """Spend as it ran: the usual one, changed where and while something was tested."""
    spend = usual.copy()
    for test in TESTS:
        cells = [index for index, (channel, _) in enumerate(CELLS) if channel == test.channel]
        region = REGIONS.index(test.region)
        for index in cells:
            spend[_during(test, weeks), region, index] *= test.factor
    return np.round(spend)


def _during(test: LiftTest, weeks: Weeks) -> np.ndarray[Any, np.dtype[np.bool_]]:
    start = np.datetime64(test.start)
    return np.asarray((weeks >= start) & (weeks < start + test.weeks * world.WEEK))


def _response(random: np.random.Generator, spend: Array) -> Response:
    """Effects whose average ROI over the last 52 weeks is each recipe's, regions differing."""
    kernels = np.array([recipe.kernel for recipe in MEDIA])
    level = carry_over(spend, kernels)
    active = np.where(spend.sum(axis=0) > 0, 1.0, 0.0)
    usual = np.array([level[recipe.first_week :, :, m].mean(0) for m, recipe in enumerate(MEDIA)]).T
    reached = np.array([recipe.reached for recipe in MEDIA])
    scale = np.where(active > 0, usual / reached, 1.0)
    forms, shapes = tuple(r.form for r in MEDIA), tuple(r.shape for r in MEDIA)
    unit = Response(forms, shapes, kernels, scale, active)
    year = slice(-52, None)
    roi = np.array([recipe.roi for recipe in MEDIA])
    caused = unit.outcome(spend)[year].sum(axis=0)
    local = np.exp(random.normal(0.0, 0.12, active.shape))
    money = spend[year].sum(axis=0)
    each = local * roi * money / np.where(caused > 0, caused, 1.0) * active
    even = roi * money.sum(axis=0) / (each * caused).sum(axis=0)  # regions average to the ROI
    return Response(forms, shapes, kernels, scale, each * even)


def _plan(random: np.random.Generator, spend: Array) -> Array:
    """(H, R, M) next quarter: channels as in the last half year, spread as the last 13 weeks."""
    plan = np.zeros((HORIZON, len(REGIONS), len(MEDIA)))
    for name in NAMES:
        cells = [index for index, (channel, _) in enumerate(CELLS) if channel == name]
        recent = spend[-13:, :, cells].sum(axis=0)
        weekly = spend[-18:, :, cells].sum() / 18.0
        pace = np.round(weekly * random.uniform(0.93, 1.03, HORIZON), -2)
        plan[:, :, cells] = pace[:, None, None] * recent / recent.sum()
    return plan


def _plan_table(horizon: Weeks, plan: Array) -> Table:
    """The plan as it is handed over: by week and channel."""
    money = plan.sum(axis=1)
    rows = [
        (week, name, round(sum(money[h, m] for m, (c, _) in enumerate(CELLS) if c == name), 2))
        for h, week in enumerate(horizon)
        for name in NAMES
    ]
    return table_of_rows(("week", "channel", "planned_spend"), rows)


def _platforms(random: np.random.Generator, spend: Array, media: Array) -> dict[str, Array]:
    """What the platforms report: impressions, clicks and the revenue that they claim."""
    digital = np.array([recipe.channel != "TV" for recipe in MEDIA])
    views = spend / 7.0 * 1000.0 * random.lognormal(0.0, 0.05, spend.shape)
    claims = media * random.lognormal(0.35, 0.25, spend.shape)  # too much, as usual
    return {
        "impressions": np.round(views),
        "clicks": np.where(digital, np.round(views * 0.009), np.nan),
        "platform_revenue": np.where(digital, np.round(claims), np.nan),
    }


def _experiments(
    random: np.random.Generator, weeks: Weeks, response: Response, spend: Array, usual: Array
) -> Table:
    """The lift tests as measured: truth of those weeks plus an honest error."""
    rows = []
    for test in TESTS:
        during, region = _during(test, weeks), REGIONS.index(test.region)
        cells = [index for index, (channel, _) in enumerate(CELLS) if channel == test.channel]
        change = (spend - usual)[during, region][:, cells].sum()
        lift = response.outcome(spend) - response.outcome(usual)
        true = lift[during, region][:, cells].sum()
        error = round(0.15 * abs(true), -2)
        measured = round(true + random.normal(0.0, error), -2)
        last = np.datetime64(test.start) + test.weeks * world.WEEK - np.timedelta64(1, "D")
        rows.append(
            (
                test.id,
                test.channel,
                test.region,
                np.datetime64(test.start),
                last,
                test.method,
                change,
                measured,
                error,
                test.source,
            )
        )
    header = (
        "id",
        "channel",
        "region",
        "start",
        "end",
        "method",
        "spend_change",
        "incremental_outcome",
        "standard_error",
        "source",
    )
    return table_of_rows(header, rows)


def _regions() -> Table:
    never = np.datetime64("NaT", "D")
    launch = tuple(np.datetime64(day) for day in LAUNCH)
    rows = [
        (
            name,
            people,
            *(launch if name == "South" else (never, never)),
            "in launch" if name == "South" else None,
        )
        for name, people in zip(REGIONS, POPULATION, strict=True)
    ]
    return table_of_rows(("region", "population", "launch_start", "launch_end", "note"), rows)
