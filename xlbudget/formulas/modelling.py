"""Formulas about the model itself: fit it, say what it assumed, say what is running."""

from __future__ import annotations

import platform

from xlbudget.data.build import build_dataset
from xlbudget.data.raw import RawTable
from xlbudget.errors import BadInput
from xlbudget.findings import errors_of
from xlbudget.formulas.answers import Answer
from xlbudget.formulas.arguments import (
    Channels,
    Controls,
    Experiments,
    Model,
    Outcomes,
    Priors,
    Regions,
    Settings,
    Shelf,
    Spend,
)
from xlbudget.formulas.formula import Host, formula
from xlbudget.response.fit import fit, model_key
from xlbudget.response.model import ResponseModel
from xlbudget.version import __version__

DRAWS = 1000


@formula(
    example="=BUDGET.MODEL(Spend, Outcomes, Controls, Channels, Experiments, Settings)",
    returns="the model's key and a one-line summary",
    says=True,
)
def model(
    spend: Spend,
    outcomes: Outcomes,
    controls: Controls | None = None,
    channels: Channels | None = None,
    experiments: Experiments | None = None,
    settings: Settings | None = None,
    regions: Regions | None = None,
    priors: Priors | None = None,
    *,
    shelf: Shelf,
) -> Answer:
    """Fits the response model once and names it, so that the other formulas find it again.

    The same tables give the same key and the same digits. Give the cell with this formula as
    `model` to the others. Where the tables cannot be read, the cell says what to mend.
    """
    given = {
        "spend": spend,
        "outcomes": outcomes,
        "controls": controls,
        "channels": channels,
        "experiments": experiments,
        "settings": settings,
        "regions": regions,
        "priors": priors,
    }
    fitted = fitted_once(given, shelf)
    return Answer.one(f"{fitted.key} {summary(fitted)}")


@formula(
    example="=BUDGET.PRIORS(Model!B2)",
    columns="line, roi_low, roi_high, half_life_weeks, half_saturation, chance_of_no_effect, "
    "roi_low_now, roi_high_now, half_life_now, half_saturation_now, no_effect_now, reason",
)
def priors(model: Model) -> Answer:
    """What was believed about each line before the data spoke, and what is believed now."""
    return Answer.table(model.priors_table())


@formula(example="=BUDGET.VERSION()", returns="version and host")
def version(*, shelf: Shelf, host: Host) -> Answer:
    """Which version is running, in which host, how cells arrive there and where models are kept."""
    python = platform.python_version()
    return Answer.one(
        f"xlbudget {__version__}, {host.name}, Python {python}; {host.notes}; models: {shelf.where}"
    )


def fitted_once(tables: dict[str, RawTable | None], shelf: Shelf) -> ResponseModel:
    """The model of these tables, by normal name: from the shelf, or fitted and put there."""
    data, findings = build_dataset({name: raw for name, raw in tables.items() if raw is not None})
    if data is None:
        raise BadInput(errors_of(findings))
    known = shelf.get(model_key(data, DRAWS, data.settings.seed))
    if known is not None:
        return known
    fitted = fit(data, draws=DRAWS, seed=data.settings.seed)
    shelf.put(fitted)
    return fitted


def summary(fitted: ResponseModel) -> str:
    """One line: what was fitted, on how much, and whether it may be used."""
    data = fitted.data
    regions = f" x {len(data.regions)} regions" if len(data.regions) > 1 else ""
    return (
        f"{data.settings.outcome}: {len(data.lines)} lines{regions}, {len(data.weeks)} weeks to "
        f"{data.weeks[-1]}, {fitted.draws} draws; {fitted.diagnostics.verdict}"
    )
