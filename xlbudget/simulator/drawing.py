"""Markets of every kind, drawn by seed: what the tests and benchmarks grade the model on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xlbudget.simulator import baseline as world
from xlbudget.simulator.forms import FORMS, TAIL, carry_over, delayed, geometric
from xlbudget.simulator.market import Market, Table, spend_table, table_of_rows, weekly_table
from xlbudget.simulator.truth import Response, Truth
from xlbudget.tabular import Array

HORIZON = 13
START = "2022-01-03"
SPEND = 2_500.0  # a week, channel and region: the median
FOREIGN = ("tanh", "exponential", "log", "power", "hill")
ROLES = ("prospecting", "brand", "harvest", "retention")


@dataclass(frozen=True)
class Kinds:
    """What sort of market to draw. Shares and spreads are of the outcome or of log money.

    forms            saturations to draw from; see `forms.FORMS`
    delayed          share of channels whose effect peaks weeks after the money
    roi, roi_spread  median and log spread of the average ROI
    media_share      share of the outcome that advertising brings: least, most
    correlation      how far weekly budgets move together, 0 to 1; None draws 0 to 0.7
    endogenous       how far budgets follow demand that nobody records
    no_effect, new, constant  channels of that kind, the last ones; new is in its 20th week
    flighted         share of the other channels that run in bursts
    outliers, missing  weeks whose outcome is odd, and weeks whose outcome is not known
    noise, hidden    spread of the weekly noise, and of the demand that nobody records
    response_season  how far effects swing with the season, 0 to 1
    drift            sd of the log of each effect from one year to the next
    tests            lift tests, each a holdout of 6 weeks on one of the first channels
    """

    forms: Sequence[str] = FOREIGN
    delayed: float = 0.35
    roi: float = 1.6
    roi_spread: float = 0.6
    media_share: tuple[float, float] = (0.12, 0.40)
    correlation: float | None = None
    endogenous: float = 0.4
    no_effect: int = 1
    new: int = 1
    constant: int = 1
    flighted: float = 0.25
    outliers: int = 2
    missing: int = 2
    noise: float = 0.04
    hidden: float = 0.03
    response_season: float = 0.0
    drift: float = 0.0
    tests: int = 0


def draw_market(
    seed: int,
    channels: int = 8,
    weeks: int = 156,
    regions: int = 1,
    kinds: Kinds | None = None,
) -> Market:
    """A market of `channels` lines over `weeks` past weeks and a horizon of 13, known from inside.

    Same arguments give the same digits. With fewer than 5 channels none is without effect, new
    or constant.
    """
    kinds = kinds or Kinds()
    random = np.random.default_rng([seed, channels, weeks, regions])
    dates = world.weeks_from(START, weeks + HORIZON)
    past, horizon = dates[:weeks], dates[weeks:]
    names = tuple(f"Channel {index + 1}" for index in range(channels))
    places = ("",) if regions == 1 else tuple(f"Region {index + 1}" for index in range(regions))
    demand = world.season(
        dates, random.uniform(0, 365), random.uniform(0.03, 0.15), random.normal(0.0, 0.03)
    ) + 0.5 * world.holidays(dates)
    hidden = world.shocks(random, len(dates), 0.7, kinds.hidden)
    spend, plan, usual = _spend(random, kinds, demand + hidden, (weeks, regions, channels))
    price = 100.0 + np.cumsum(random.normal(0.0, 0.4, len(dates)))
    season = _response_season(kinds, demand)
    response = _response(random, kinds, spend, season[:weeks])
    drift = _drift(random, kinds, (len(season), channels), weeks) if kinds.drift else None
    swing = season[:, None] if drift is None else season[:, None] * drift
    media = response.outcome(spend) * swing[:weeks, None]
    base = _baseline(random, dates.size, demand - 0.6 * (price / 100.0 - 1.0), regions)
    share = random.uniform(*kinds.media_share)
    base *= media.sum() * (1.0 / share - 1.0) / base[:weeks].sum()
    noise = base * (hidden[:, None] + random.normal(0.0, kinds.noise, base.shape))
    truth = Truth(
        past,
        horizon,
        names,
        np.tile(np.arange(channels), (regions, 1)),
        spend,
        plan,
        response,
        season,
        base,
        noise,
        drift=drift,
    )
    observed = (base + noise)[:weeks] + media.sum(axis=2)
    odd = random.choice(weeks, kinds.outliers, replace=False)
    observed[odd] *= random.choice([0.7, 1.35], kinds.outliers)[:, None]
    known = np.ones((weeks, regions))
    known[random.choice(np.arange(1, weeks - 1), kinds.missing, replace=False)] = 0.0
    media_names = [(name, "") for name in names]
    tables = {
        "settings": table_of_rows(("setting", "value"), (("outcome", "revenue"),)),
        "spend": spend_table(past, places, media_names, spend),
        "outcomes": weekly_table(past, places, {"revenue": np.round(observed, 2)}, known),
        "controls": table_of_rows(
            ("week", "price_index"), list(zip(dates, np.round(price, 2), strict=True))
        ),
        "channels": table_of_rows(
            ("channel", "role"), [(name, ROLES[i % len(ROLES)]) for i, name in enumerate(names)]
        ),
        "plan": _plan_table(horizon, names, plan),
    }
    if kinds.tests:
        tables["experiments"] = _experiments(random, truth, usual, kinds.tests)
    return Market(seed, tables, truth)


def _spend(
    random: np.random.Generator, kinds: Kinds, demand: Array, shape: tuple[int, int, int]
) -> tuple[Array, Array, Array]:
    """Spend (W, R, M), plan (H, R, M), and spend (W, R, M) as it were without the lift tests."""
    weeks, regions, channels = shape
    correlation = random.uniform(0.0, 0.7) if kinds.correlation is None else kinds.correlation
    total = len(demand)
    together = world.shocks(random, total, 0.6, 1.0)
    follow = kinds.endogenous * demand / demand.std()
    special = _specials(kinds, channels)
    size = np.sort(random.lognormal(0.0, 0.3, regions))[::-1]
    spend = np.zeros((total, regions, channels))
    for channel in range(channels):
        own = world.shocks(random, total, 0.5, 1.0)
        mood = np.sqrt(correlation) * together + np.sqrt(1.0 - correlation) * own
        local = random.normal(0.0, 0.5, (total, regions)) if regions > 1 else np.zeros((total, 1))
        swing = random.uniform(0.25, 0.6)
        path = np.exp(swing * ((mood + follow)[:, None] + local))
        if special.get(channel) == "constant":
            path = np.ones((total, regions))
        elif special.get(channel) == "new":
            path[: weeks - 20] = 0.0
        elif random.uniform() < kinds.flighted:
            on, off = random.integers(3, 8), random.integers(2, 8)
            path[(np.arange(total) + random.integers(on + off)) % (on + off) >= on] = 0.0
        level = random.lognormal(np.log(SPEND), 0.7)
        spend[..., channel] = level * size * path / path[path > 0].mean()
    spend = np.round(spend, 2)
    recent = spend[weeks - 13 : weeks].mean(axis=0)
    recent = np.where(recent > 0, recent, spend[:weeks].mean(axis=0))  # a flight may be over
    plan = np.repeat(np.round(recent, 2)[None], HORIZON, axis=0)
    usual = spend[:weeks]
    run = usual.copy()
    for test in range(kinds.tests):
        run[_test_weeks(weeks, test), 0, test % channels] = 0.0
    return run, plan, usual


def _specials(kinds: Kinds, channels: int) -> dict[int, str]:
    """Which channels are new, constant or without effect: the last ones."""
    if channels < 5:
        return {}
    wanted = ["no effect"] * kinds.no_effect + ["new"] * kinds.new + ["constant"] * kinds.constant
    return {channels - 1 - index: kind for index, kind in enumerate(wanted[: channels - 1])}


def _test_weeks(weeks: int, test: int) -> slice:
    start = weeks - 30 - 12 * test
    return slice(start, start + 6)


def _baseline(random: np.random.Generator, weeks: int, lift: Array, regions: int) -> Array:
    """(T, R) shape of the outcome without advertising: a trend that bends, season, price."""
    years = np.arange(weeks) / 52.0
    trend = random.normal(0.04, 0.06) * years + random.normal(0.0, 0.02) * years**2
    size = np.sort(random.lognormal(0.0, 0.3, regions))[::-1] if regions > 1 else np.ones(1)
    return size * np.maximum(1.0 + trend + lift, 0.3)[:, None]


def _response_season(kinds: Kinds, demand: Array) -> Array:
    """(T + TAIL,) multiplier of every effect; what comes after the horizon is as at its end."""
    swing = demand / max(np.abs(demand).max(), 1e-9)
    known = 1.0 + kinds.response_season * swing
    return np.concatenate([known, np.full(TAIL, known[-HORIZON:].mean())])


def _drift(random: np.random.Generator, kinds: Kinds, shape: tuple[int, int], weeks: int) -> Array:
    """(T + TAIL, M) multiplier of each effect: a random walk of its log, 1 on average before."""
    walk = np.cumsum(random.normal(0.0, kinds.drift / np.sqrt(52.0), shape), axis=0)
    factor = np.exp(walk)
    return np.asarray(factor / factor[:weeks].mean(axis=0))


def _response(random: np.random.Generator, kinds: Kinds, spend: Array, season: Array) -> Response:
    """Effects with drawn forms; each channel's average ROI over the past is as drawn."""
    regions, channels = spend.shape[1:]
    forms = tuple(str(name) for name in random.choice(list(kinds.forms), channels))
    shapes = tuple(float(random.uniform(*FORMS[name].shapes)) for name in forms)
    kernels = np.array(
        [
            delayed(random.uniform(1, 4), random.uniform(0.6, 0.85))
            if random.uniform() < kinds.delayed
            else geometric(random.beta(2, 3))
            for _ in range(channels)
        ]
    )
    level = carry_over(spend, kernels)
    running = level > 0
    usual = level.sum(axis=0) / np.maximum(running.sum(axis=0), 1)
    reached = np.exp(random.uniform(np.log(0.25), np.log(2.5), channels))
    scale = usual / reached
    unit = Response(forms, shapes, kernels, scale, np.ones((regions, channels)))
    caused = (unit.outcome(spend) * season[:, None, None]).sum(axis=0)
    money = spend.sum(axis=0)
    alive = np.ones(channels)
    for channel, kind in _specials(kinds, channels).items():
        alive[channel] = kind != "no effect"
    roi = alive * random.lognormal(np.log(kinds.roi), kinds.roi_spread, channels)
    local = np.exp(random.normal(0.0, 0.2 * (regions > 1), (regions, channels)))
    return Response(forms, shapes, kernels, scale, roi * local * money / caused)


def _experiments(random: np.random.Generator, truth: Truth, usual: Array, tests: int) -> Table:
    """Holdouts as measured: truth of those weeks plus an error of a seventh of it."""
    weeks, lines = truth.weeks, truth.lines
    lift = truth.response.outcome(truth.spend) - truth.response.outcome(usual)
    lift *= truth.swing[: len(weeks)]
    rows = []
    for test in range(tests):
        during, line = _test_weeks(len(weeks), test), test % len(lines)
        change = (truth.spend - usual)[during, 0, line].sum()
        true = lift[during, 0, line].sum()
        error = max(abs(true) / 7.0, 1.0)
        last = weeks[during][-1] + np.timedelta64(6, "D")
        measured = round(true + random.normal(0.0, error), 2)
        name, first = f"Test {test + 1}", weeks[during][0]
        rows.append(
            (name, lines[line], first, last, "holdout", round(change, 2), measured, round(error, 2))
        )
    header = ("id", "channel", "start", "end", "method", "spend_change")
    table = table_of_rows((*header, "incremental_outcome", "standard_error"), rows)
    if truth.spend.shape[1] > 1:
        table["region"] = np.array(["Region 1"] * tests, dtype=object)
    return table


def _plan_table(horizon: np.ndarray, names: Sequence[str], plan: Array) -> Table:
    money = plan.sum(axis=1)
    rows = [
        (week, name, float(money[h, channel]))
        for h, week in enumerate(horizon)
        for channel, name in enumerate(names)
    ]
    return table_of_rows(("week", "channel", "planned_spend"), rows)
