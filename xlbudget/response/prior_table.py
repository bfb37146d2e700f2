"""Prior against posterior, per line, in the terms that people judge: ROI, half-life, saturation."""

from __future__ import annotations

from dataclasses import dataclass

from xlbudget.tabular import Array, Columns, Tabular


@dataclass(frozen=True)
class PriorTable(Tabular):
    """What was believed of each line beforehand, and what is believed now.

    ROI in money per money over history; half-life in weeks; half_saturation in money a week;
    low and high hold 9 cases in 10.
    """

    line: tuple[str, ...]
    roi_low: Array
    roi_high: Array
    half_life_weeks: Array
    half_saturation: Array
    chance_of_no_effect: Array
    roi_low_now: Array
    roi_high_now: Array
    half_life_now: Array
    half_saturation_now: Array
    no_effect_now: Array
    reason: tuple[str, ...]

    def columns(self) -> Columns:
        """The first six can be copied into Priors and changed."""
        return {
            "line": self.line,
            "roi_low": self.roi_low,
            "roi_high": self.roi_high,
            "half_life_weeks": self.half_life_weeks,
            "half_saturation": self.half_saturation,
            "chance_of_no_effect": self.chance_of_no_effect,
            "roi_low_now": self.roi_low_now,
            "roi_high_now": self.roi_high_now,
            "half_life_now": self.half_life_now,
            "half_saturation_now": self.half_saturation_now,
            "no_effect_now": self.no_effect_now,
            "reason": self.reason,
        }
