"""Figures as they leave the audit: withheld, rounded, or whole, each with its interval and counts.

Reports, `audit.json` and verdicts take every number from here, so that small numbers are decided in one
place. A figure is what `design.md` calls an entry: a value with its counts, or that it is withheld, or why
there is none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from training.audit.disclosure.suppression import BLOCK_OF, LEAST, Reason, Withheld, withhold
from training.audit.settings import MEASURES, RATES, Disclosure
from training.audit.statistics.estimate import LEVEL, Estimate, Outcome, Undefined
from training.audit.statistics.intervals import normal_quantile, wilson

if TYPE_CHECKING:
    from training.audit.groups import Group, Measured

SIGNIFICANT_DIGITS = 12
"""Floats are written with so many digits: sums in another order may differ in the last ones."""

PRINTED_DECIMALS = 2
"""Decimals in print: at 4, value and limits give the counts back in 99 of 100 cells; at 2, in 1 of 100."""

PRINTED_STEP = 5
"""Counts in print are rounded to this."""

Figure = dict[str, Any]
"""`{"value", "low", "high", "k", "n", "clusters"}`, `{"suppressed": true}` or `{"undefined": reason}`."""

SUPPRESSED: Figure = {"suppressed": True}


@dataclass(frozen=True)
class Gate:
    """What every number passes on its way out.

    Parameters
    ----------
    withheld
        By group, the blocks that are withheld.
    disclosure
        Whether counts are rounded.
    """

    withheld: Withheld
    disclosure: Disclosure

    def reason(self, group: Group, measure: str) -> Reason | None:
        """Say why a measure of a group is withheld; None when it is shown."""
        return self.withheld.get(group.key, {}).get(BLOCK_OF[measure])

    def opened_for(self, group: Group) -> Gate:
        """Give a gate that withholds of one group alone what is small in it."""
        return Gate(withhold([group], self.disclosure), self.disclosure)

    def without_left_out(self, measured: Measured) -> Measured:
        """Leave out the crossings that cannot protect their own small groups."""
        gone = {key[0] for key, blocks in self.withheld.items() if blocks.get("size") == "left out"}
        crossed = tuple(group for group in measured.crossed if group.attributes not in gone)
        return replace(measured, crossed=crossed, left_out=tuple(sorted({*measured.left_out, *gone})))

    def is_small(self, group: Group) -> bool:
        """Say whether a group has too few children for anything to be said of it, a verdict included."""
        return self.withheld.get(group.key, {}).get("size") == "small"

    def hides_size(self, group: Group) -> bool:
        """Say whether even the size of a group is withheld."""
        return "size" in self.withheld.get(group.key, {})

    def count(self, number: int) -> int:
        """Give a count as it may be shown."""
        return number if self.disclosure == "internal" else PRINTED_STEP * round(number / PRINTED_STEP)

    def few(self, number: int) -> int | None:
        """Give a count that stands by itself; in print a small one is withheld, also where it is 0."""
        is_small = self.disclosure == "published" and number < LEAST["published"]
        return None if is_small else self.count(number)

    def number(self, value: float) -> float:
        """Give a value or limit as it may be shown."""
        if self.disclosure == "published":
            return round(value, PRINTED_DECIMALS) + 0.0
        return rounded(value)

    def figure(self, group: Group, measure: str) -> Figure:
        """Give one measure of one group as it may be shown."""
        if self.reason(group, measure) is not None:
            return dict(SUPPRESSED)
        return self.shown(group.measures[measure], is_rate=measure in RATES)

    def shown(self, outcome: Outcome, *, is_rate: bool) -> Figure:
        """Give an outcome that is not withheld as it may be shown."""
        if isinstance(outcome, Undefined):
            return {"undefined": outcome.reason}
        seen = self.as_shown(outcome) if is_rate else outcome
        low, high = seen.limits(LEVEL)
        binned = {"binned": True} if outcome.is_binned else {}
        return binned | {
            "value": self.number(seen.value),
            "low": self.number(low),
            "high": self.number(high),
            "k": self.count(outcome.k),
            "n": self.count(outcome.n),
            "clusters": self.count(outcome.clusters),
        }

    def as_shown(self, rate: Estimate) -> Estimate:
        """Give a rate as a reader may know it: in print that of its rounded counts."""
        if self.disclosure == "internal":
            return rate
        n = self.count(rate.n)
        return with_counts(rate, min(self.count(rate.k), n), n)

    def bare(self, outcome: Outcome) -> Figure:
        """Give an outcome that is not withheld, without its counts."""
        if isinstance(outcome, Undefined):
            return {"undefined": outcome.reason}
        low, high = outcome.limits(LEVEL)
        return {"value": self.number(outcome.value), "low": self.number(low), "high": self.number(high)}

    def is_shown(self, group: Group, *measures: str) -> bool:
        """Say whether none of some measures of a group is withheld."""
        return all(self.reason(group, measure) is None for measure in measures)

    def entry(self, group: Group) -> dict[str, Any]:
        """Give a group's entry in `audit.json`: attribute, group, n and every measure."""
        is_pair = len(group.attributes) > 1
        name: dict[str, Any] = {
            "attribute": "*".join(group.attributes) if group.attributes else None,
            "group": None if len(group.values) < 1 else group.values[0],
        }
        if is_pair:
            name["group"] = "*".join("" if value is None else value for value in group.values)
            name |= {"attributes": list(group.attributes), "values": list(group.values)}
        size = None if self.hides_size(group) else self.count(group.n)
        effects = {} if size is None else self._design_effects(group)
        figures = {measure: self.figure(group, measure) for measure in MEASURES}
        return {**name, "n": size, "design_effects": effects, **figures}

    def _design_effects(self, group: Group) -> dict[str, float]:
        """Give the design effect of every measure that is shown."""
        shown = {name: group.measures[name] for name in MEASURES if self.reason(group, name) is None}
        return {
            name: self.number(outcome.design_effect) for name, outcome in shown.items() if isinstance(outcome, Estimate)
        }


def with_counts(rate: Estimate, k: int, n: int) -> Estimate:
    """Give a rate as if it were of other counts, as unsure as it is for each of them."""

    def limits(level: float) -> tuple[float, float]:
        scale = rate.design_effect if rate.divided_by is None else rate.divided_by(level)
        low, high = wilson(k / scale, n / scale, normal_quantile(level))
        return float(low), float(high)

    return replace(rate, value=k / n, k=k, n=n, limits=limits)


def rounded(value: float) -> float:
    """Round to 12 significant digits; never minus 0.

    Examples
    --------
    >>> rounded(1 / 3)
    0.333333333333
    """
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}") + 0.0
