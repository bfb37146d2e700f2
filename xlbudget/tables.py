"""The tables that come in: one definition of each name, column, type, unit and help text.

The template, the readers, the validator, the formulas and the reference docs all derive from
what stands here (docs/tables.md is generated from it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a cell of a column holds."""

    WEEK = "week"  # a date: the first day of a week
    DATE = "date"
    MONTH = "month"  # a date, or text as 2026-03: the month it falls in
    TEXT = "text"
    MONEY = "money"
    NUMBER = "number"
    COUNT = "count"  # a number that cannot be below zero
    SHARE = "share"  # 0 to 1
    FLAG = "flag"  # yes or no
    VALUE = "value"  # a number, or text such as a line's name: Settings and Guardrails


class Extra(StrEnum):
    """What columns beyond the named ones mean."""

    IGNORED = "ignored"  # listed in a note, not read
    NUMBERS = "numbers"  # every further column is a measure (Outcomes, Controls)
    ATTRIBUTES = "attributes"  # every further text column is an attribute (Channels)


@dataclass(frozen=True)
class Column:
    """One column of a table."""

    name: str
    kind: Kind
    help: str
    required: bool = False
    unit: str = ""
    allowed: tuple[str, ...] = ()
    below_zero: bool = False  # may a MONEY or NUMBER value be negative?


@dataclass(frozen=True)
class Table:
    """One table: an Excel Table on a sheet of the same name, a CSV, or a DataFrame."""

    name: str
    help: str
    columns: tuple[Column, ...]
    required: bool = False
    extra: Extra = Extra.IGNORED
    key: tuple[str, ...] = ()  # no two rows may share these

    def column(self, name: str) -> Column:
        """The column of this name, matched as `normal` says; KeyError where there is none."""
        return self._by_name()[normal(name)]

    def names(self) -> tuple[str, ...]:
        """Column names in the order in which the template shows them."""
        return tuple(column.name for column in self.columns)

    def _by_name(self) -> Mapping[str, Column]:
        return {normal(column.name): column for column in self.columns}


def normal(name: str) -> str:
    """A column name as it is compared: case, outer spaces and `_` against space do not count."""
    return " ".join(str(name).replace("_", " ").split()).casefold()


ROLES = ("prospecting", "brand", "retention", "harvest", "other")
GRAINS = ("channel", "region", "campaign_type", "product")
AIMS = ("outcome", "profit", "target", "marginal_roi")
RISKS = ("expected", "cautious", "sure")

BINDING_RULES = (
    "min spend",
    "max spend",
    "min share",
    "max share",
    "max shift %",
    "max total shift %",
    "lock",
    "minimum if on",
    "round to",
    "ratio to another line",
)
ROUTING_RULES = ("approve shift above %", "approve any cut", "approve any change")
WEEKLY_RULES = ("max a week", "min a week if on", "min weeks in a row")
RULES = BINDING_RULES + ROUTING_RULES + WEEKLY_RULES
SCOPES = ("total", "channel", "role", "region", "campaign_type", "product", "line")
SUBJECTS = ("spend", "cost", "response", "outcome value", "control", "budget", "goal")
CHANGES = ("%", "amount", "set to")

_WEEK = Column("week", Kind.WEEK, "First day of the week; the same weekday all through.", True)
_REGION = Column("region", Kind.TEXT, "Region as in Regions; leave out for national data.")
_TYPE = Column("campaign_type", Kind.TEXT, "Campaign type within the channel.")
_PRODUCT = Column("product", Kind.TEXT, "Product that is advertised.")
_CHANNEL = Column("channel", Kind.TEXT, "Channel, spelled the same everywhere.", True)

SPEND = Table(
    "Spend",
    "What was spent, one row a week and line.",
    (
        _WEEK,
        _CHANNEL,
        _REGION,
        _TYPE,
        _PRODUCT,
        Column("spend", Kind.MONEY, "Money spent; refunds go to Ledger.", True, "money"),
        Column("impressions", Kind.COUNT, "Times an ad was shown.", unit="count"),
        Column("reach", Kind.COUNT, "People who saw an ad.", unit="people"),
        Column("clicks", Kind.COUNT, "Clicks on an ad.", unit="count"),
        Column("platform_conversions", Kind.COUNT, "Conversions it claims.", unit="count"),
        Column("platform_revenue", Kind.MONEY, "Revenue the platform claims.", unit="money"),
    ),
    required=True,
    key=("week", "channel", "region", "campaign_type", "product"),
)

OUTCOMES = Table(
    "Outcomes",
    "What was achieved, one row a week (and region), one column per outcome measured.",
    (_WEEK, _REGION),
    required=True,
    extra=Extra.NUMBERS,
    key=("week", "region"),
)

CONTROLS = Table(
    "Controls",
    "What else moves the outcome: price, promotion, competitors. May hold the horizon's weeks.",
    (_WEEK, _REGION),
    extra=Extra.NUMBERS,
    key=("week", "region"),
)

REGIONS = Table(
    "Regions",
    "The regions, their size and when they are in launch.",
    (
        Column("region", Kind.TEXT, "Region, spelled as in Spend and Outcomes.", True),
        Column("population", Kind.COUNT, "People, or any measure of size.", unit="people"),
        Column("launch_start", Kind.DATE, "First day of the launch."),
        Column("launch_end", Kind.DATE, "Last day of the launch."),
        Column("note", Kind.TEXT, "Anything worth knowing."),
    ),
    key=("region",),
)

CHANNELS = Table(
    "Channels",
    "The channels and their roles. Any further text column is an attribute to group by.",
    (
        _CHANNEL,
        Column("role", Kind.TEXT, "What the channel is for.", True, allowed=ROLES),
        Column("lifecycle_stage", Kind.TEXT, "Stage of the customer it speaks to."),
        Column("audience", Kind.TEXT, "Who it speaks to."),
        Column("owner", Kind.TEXT, "Who answers for it."),
        Column(
            "long_term_factor",
            Kind.NUMBER,
            "Long-term effect as a multiple of the short-term one; empty is 0.",
            unit="multiple",
        ),
        Column("launch_week", Kind.WEEK, "First week it ran, for a new channel."),
        Column("note", Kind.TEXT, "Anything worth knowing."),
    ),
    extra=Extra.ATTRIBUTES,
    key=("channel",),
)

GUARDRAILS = Table(
    "Guardrails",
    "The company's rules: what binds the allocation, and what needs whose approval.",
    (
        Column("id", Kind.TEXT, "Short name of the rule, used in reports.", True),
        Column(
            "applies_to",
            Kind.TEXT,
            "What the rule is about: total, channel, role, region, campaign_type, product, line, "
            "or any attribute of Channels.",
            True,
        ),
        Column("name", Kind.TEXT, "Which one, for instance the channel's name; empty is each."),
        Column("rule", Kind.TEXT, "What is asked.", True, allowed=RULES),
        Column(
            "value",
            Kind.VALUE,
            "Money, share, percent or lot, as the rule says.",
            unit="as unit says",
        ),
        Column("unit", Kind.TEXT, "money, share, %, or the other line's name for a ratio."),
        Column("from", Kind.DATE, "First day it holds; empty is always."),
        Column("to", Kind.DATE, "Last day it holds; empty is always."),
        Column("approver", Kind.TEXT, "Who approves, for the rules that route to a person."),
        Column("reason", Kind.TEXT, "Why the rule exists."),
        Column("active", Kind.FLAG, "yes or no; empty is yes.", allowed=("yes", "no")),
    ),
    key=("id",),
)

EXPERIMENTS = Table(
    "Experiments",
    "Lift tests: what was measured, where, when and how exactly.",
    (
        Column("id", Kind.TEXT, "Short name of the test.", True),
        _CHANNEL,
        Column("region", Kind.TEXT, "Region of the test; empty is all."),
        Column("start", Kind.DATE, "First day of the test.", True),
        Column("end", Kind.DATE, "Last day of the test.", True),
        Column("method", Kind.TEXT, "geo holdout, platform lift, switchback ..."),
        Column(
            "spend_change",
            Kind.MONEY,
            "Total spend in the test less what would have been spent without it; "
            "negative for a holdout.",
            True,
            "money",
            below_zero=True,
        ),
        Column(
            "incremental_outcome",
            Kind.NUMBER,
            "Outcome in the test less what would have come without it; negative for a holdout.",
            True,
            "outcome",
            below_zero=True,
        ),
        Column("standard_error", Kind.NUMBER, "Standard error of that figure.", True, "outcome"),
        Column("source", Kind.TEXT, "Who measured it and where the report is."),
    ),
    key=("id",),
)

PLAN = Table(
    "Plan",
    "The current plan of the horizon. Coarser than the data it is spread as the last 13 weeks.",
    (
        Column("week", Kind.WEEK, "First day of the week; or use period."),
        Column(
            "period",
            Kind.TEXT,
            "2026-Q1, 2026-03, or horizon: the total of the period, spread evenly over its weeks.",
        ),
        _CHANNEL,
        _REGION,
        _TYPE,
        _PRODUCT,
        Column("planned_spend", Kind.MONEY, "Money planned.", True, "money"),
    ),
    key=("week", "period", "channel", "region", "campaign_type", "product"),
)

LEDGER = Table(
    "Ledger",
    "What finance booked, by month.",
    (
        Column("month", Kind.MONTH, "Any day of the month, or 2026-03.", True),
        _CHANNEL,
        Column("region", Kind.TEXT, "Region, where finance books by region."),
        Column("amount", Kind.MONEY, "Booked spend.", True, "money", below_zero=True),
    ),
)

DECISIONS = Table(
    "Decisions",
    "One row per recommendation, from proposal to measured result.",
    (
        Column("id", Kind.TEXT, "Short name of the recommendation.", True),
        Column("date", Kind.DATE, "Day of the proposal."),
        Column("line", Kind.TEXT, "Line it is about."),
        Column("current", Kind.MONEY, "Spend before.", unit="money"),
        Column("recommended", Kind.MONEY, "Spend proposed.", unit="money"),
        Column(
            "decision", Kind.TEXT, "What was decided.", allowed=("accepted", "changed", "rejected")
        ),
        Column("decided_spend", Kind.MONEY, "Spend decided.", unit="money"),
        Column("decided_by", Kind.TEXT, "Who decided."),
        Column("category", Kind.TEXT, "Why, by category."),
        Column("comment", Kind.TEXT, "Why, in words."),
        Column("deployed_spend", Kind.MONEY, "Spend that ran.", unit="money"),
        Column("predicted_low", Kind.NUMBER, "Low end of the predicted gain.", below_zero=True),
        Column("predicted_high", Kind.NUMBER, "High end of the predicted gain.", below_zero=True),
        Column("measured_result", Kind.NUMBER, "Gain measured afterwards.", below_zero=True),
    ),
    key=("id",),
)

PRIORS = Table(
    "Priors",
    "What is believed before the data speak, per line; an empty cell keeps the default.",
    (
        Column("line", Kind.TEXT, "Line or channel it is about.", True),
        Column("roi_low", Kind.NUMBER, "ROI that it beats in 19 cases of 20.", unit="ROI"),
        Column("roi_high", Kind.NUMBER, "ROI that it stays under in 19 cases of 20.", unit="ROI"),
        Column("half_life_weeks", Kind.NUMBER, "Weeks until half has come.", unit="weeks"),
        Column(
            "half_saturation",
            Kind.MONEY,
            "Weekly spend at which half of the ceiling is reached.",
            unit="money a week",
        ),
        Column(
            "chance_of_no_effect",
            Kind.SHARE,
            "How likely it does nothing.",
            unit="share",
        ),
        Column("reason", Kind.TEXT, "Why."),
    ),
    key=("line",),
)

SCENARIOS = Table(
    "Scenarios",
    "What if: one row a change to the current plan or to the world; rows of one name go together.",
    (
        Column("scenario", Kind.TEXT, "Name of the scenario; empty: as in the row above."),
        Column(
            "scope",
            Kind.TEXT,
            "What changes: total, channel, role, region, campaign_type, product, line, or any "
            "attribute of Channels.",
            True,
        ),
        Column("name", Kind.TEXT, "Which one, or the control's name; empty is each."),
        Column(
            "what",
            Kind.TEXT,
            "spend; cost: price of media, 1 is today's; response: effect of media, 1 is today's; "
            "outcome value: money per outcome; control; budget: the total, split anew where it "
            "does most; goal: what the plan brings, at the least budget.",
            True,
            allowed=SUBJECTS,
        ),
        Column(
            "change",
            Kind.TEXT,
            "%: -12 takes 12 % away; amount: added, spend over all weeks together and the others "
            "each week; set to: the new figure, in the same sense.",
            True,
            allowed=CHANGES,
        ),
        Column("value", Kind.NUMBER, "By how much.", True, "as change says", below_zero=True),
        Column("from", Kind.DATE, "First day; empty is the start of the horizon."),
        Column("to", Kind.DATE, "Last day; empty is the end, carry-out included."),
        Column(
            "weight",
            Kind.SHARE,
            "How likely the scenario is, told once; what is left to 1 is the plan as it stands.",
            unit="share",
        ),
        Column("note", Kind.TEXT, "Anything worth knowing."),
    ),
)


@dataclass(frozen=True)
class Setting:
    """One row of the Settings table."""

    name: str
    kind: Kind
    default: str | float | None
    help: str
    allowed: tuple[str, ...] = ()
    unit: str = ""


SETTINGS_ROWS = (
    Setting("outcome", Kind.TEXT, None, "Outcome that is planned for; empty: the first."),
    Setting("currency", Kind.TEXT, "", "Currency of every money figure, for instance EUR."),
    Setting("value_per_outcome", Kind.NUMBER, 1.0, "Money that one unit of the outcome is worth."),
    Setting("margin", Kind.NUMBER, 1.0, "Share of that money that is kept, 0 to 1.", unit="share"),
    Setting("horizon_start", Kind.WEEK, None, "First week planned; empty: after the last outcome."),
    Setting("horizon_weeks", Kind.COUNT, 13.0, "Weeks planned, 1 to 52.", unit="weeks"),
    Setting("budget", Kind.MONEY, None, "Budget of the horizon; empty: the plan's total."),
    Setting(
        "grain",
        Kind.TEXT,
        "channel",
        "What a line is: channel, or channel x any of region, campaign_type, product.",
    ),
    Setting("confidence", Kind.SHARE, 0.90, "Width of ranges: 0.90 holds 9 in 10.", unit="share"),
    Setting("risk", Kind.TEXT, "expected", "How the best plan is judged.", RISKS),
    Setting("long_term_weight", Kind.NUMBER, 0.0, "Weight of long-term effects, 0 to 1."),
    Setting(
        "beyond_observed",
        Kind.SHARE,
        0.0,
        "How far a recommended week may exceed the line's largest week ever: 0.30 for 30 %.",
        unit="share",
    ),
    Setting("holidays_country", Kind.TEXT, "", "Two-letter country whose holidays count, e.g. DE."),
    Setting("seed", Kind.COUNT, 0.0, "Any whole number: the same seed gives the same digits."),
)

SETTINGS = Table(
    "Settings",
    "How to read the tables and what to plan for.",
    (
        Column("setting", Kind.TEXT, "Name of the setting.", True),
        Column("value", Kind.VALUE, "Its value; empty keeps the default.", unit="as setting says"),
    ),
    key=("setting",),
)

TABLES: tuple[Table, ...] = (
    SETTINGS,
    SPEND,
    OUTCOMES,
    CONTROLS,
    REGIONS,
    CHANNELS,
    GUARDRAILS,
    EXPERIMENTS,
    PLAN,
    LEDGER,
    PRIORS,
    SCENARIOS,
    DECISIONS,
)
BY_NAME: Mapping[str, Table] = {normal(table.name): table for table in TABLES}
