"""Measurement: whether the same things are written down as often of one group as of another, at an equal stage.

A difference may be need, or it may be recording: records alone cannot tell which, nor how large either is. What they
can give is a bound: if true need differs between two groups by no more than a factor that somebody is ready to defend,
then recording differs by no less than what is left. The factor is an assumption and is printed as one. This file knows
a table of columns and no score.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtr

from training.audit.counts.clusters import codes_of
from training.audit.disclosure.shares import Share, shown_shares
from training.audit.disclosure.shares_of_rows import rows_with, share_of_rows, values_of
from training.audit.statistics.estimate import LEVEL, Estimate, Outcome, Undefined
from training.audit.statistics.stratified import ratio_at_equal_stage
from training.audit.trial.proxies import numbers_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from training.audit.settings import Disclosure
    from training.audit.statistics.estimate import BoolArray, FloatArray, IntArray

NEED_RATIO = 1.5
"""How many times true need of one group may be that of another at an equal stage, unless somebody says otherwise."""

FALSE_AMONG_FOUND = 0.05
"""Of the ratios that are said to stand out, about so many do by chance."""

WORDS = (
    "How often something is written down differs with need as well as with recording. Its size as a fault of recording "
    "cannot be told from records.",
    "The bounds hold if true need differs between the groups, at an equal stage, by no more than the factor given; "
    "that factor is an assumption, not a finding.",
    "Many ratios are looked at here. Those marked as standing out were chosen so that about one in twenty of them is "
    "there by chance (Benjamini and Hochberg).",
)


@dataclass(frozen=True)
class MeasurementColumns:
    """Columns of a table with one row a child, or an assessment.

    Parameters
    ----------
    characteristics
        Groups to compare; text, null where not recorded.
    indicators
        Columns of numbers or truth values; null where there is no value.
    written
        Those of them of which above 0 means that something was written, such as flags and counts; None for all.
    child
        Whose row it is; None where each child has one row.
    stage
        What must be equal: how far a child's case went, or what an assessment came to.
    cluster
        The family.
    """

    characteristics: tuple[str, ...]
    indicators: tuple[str, ...]
    written: tuple[str, ...] | None = None
    child: str | None = None
    stage: str = "stage"
    cluster: str = "cluster"


@dataclass(frozen=True)
class Bounded:
    """Between which factors recording differs, if need differs by no more than was assumed.

    Parameters
    ----------
    low, high
        Without sampling error.
    low_limit, high_limit
        From the ends of the ratio's interval.
    """

    low: float
    high: float
    low_limit: float
    high_limit: float


def measurement_section(
    table: pl.DataFrame, columns: MeasurementColumns, disclosure: Disclosure, *, need_ratio: float = NEED_RATIO
) -> dict[str, Any]:
    """Say whether indicators are recorded equally, as it may be shown.

    Parameters
    ----------
    table
        One row a child, or an assessment.
    columns
        Which columns say what.
    disclosure
        Who will read it.
    need_ratio
        The largest ratio of true need between two groups that is thought possible; at least 1.

    Returns
    -------
    dict
        `shares` (a list of `shown_shares`), `need_ratio` and `words`. By indicator there are two measures: how many
        have a value at all, where some have none, and of those with a value how many have it above 0. Beside each
        group's share stand `ratio` to everyone else at an equal stage and, of what is written, `recording_at_least` and
        `recording_at_most`; `stands_out` is true or false where a ratio is shown, and never true of too few families.
    """
    shares = recorded_equally(table, columns, need_ratio=need_ratio)
    lines = shown_shares(shares, disclosure)
    for line, stands_out in zip(lines, _stand_out(shares), strict=True):
        if "value" in line.get("ratio", {}):
            line["stands_out"] = stands_out
    return {"shares": lines, "need_ratio": need_ratio, "words": list(WORDS)}


def _stand_out(shares: Sequence[Share]) -> list[bool]:
    """Choose the ratios of which about one in twenty lies apart from 1 by chance alone."""
    chance = np.array([_chance_of(share) for share in shares])
    ordered = np.sort(chance[~np.isnan(chance)])
    allowed = ordered[ordered <= FALSE_AMONG_FOUND * np.arange(1, ordered.size + 1) / max(ordered.size, 1)]
    is_so_rare = [bool(one <= allowed[-1]) if allowed.size else False for one in chance]
    return [is_rare and _leaves_out_1(share) for is_rare, share in zip(is_so_rare, shares, strict=True)]


def _leaves_out_1(share: Share) -> bool:
    """Say whether the ratio's own interval, which knows of few families, leaves out 1."""
    ratio = share.beside.get("ratio")
    if not isinstance(ratio, Estimate):
        return False
    low, high = ratio.limits(LEVEL)
    return not low <= 1 <= high


def _chance_of(share: Share) -> float:
    """Give how often chance alone brings a ratio so far from 1; not a number for a group of too few families."""
    ratio = share.beside.get("ratio")
    if not (isinstance(ratio, Estimate) and isinstance(share.outcome, Estimate)):
        return math.nan
    error = math.sqrt(ratio.variance) / ratio.value
    return float(2 * ndtr(-abs(math.log(ratio.value)) / error)) if error > 0 else math.nan


def recorded_equally(
    table: pl.DataFrame, columns: MeasurementColumns, *, need_ratio: float = NEED_RATIO
) -> list[Share]:
    """Give, by indicator and group, how often there is a value and how often it is above 0.

    Returns
    -------
    list of Share
        By indicator, measure and characteristic: everybody, then each group, missing last. See `measurement_section`.
    """
    rows = _Rows.of(table, columns)
    groups = {
        name: {value: rows_with(table[name], value) for value in values_of(table[name])}
        for name in columns.characteristics
    }
    found = []
    for at, indicator in enumerate(columns.indicators):
        has_value, everyone = ~np.isnan(rows.values[:, at]), np.ones(table.height, dtype=np.bool_)
        is_written = np.nan_to_num(rows.values[:, at]) > 0
        for name, members in groups.items():
            if not has_value.all():
                found += _lines((name, f"{indicator}: has a value"), has_value, members, rows.among(everyone))
            if columns.written is None or indicator in columns.written:
                lines = _lines((name, f"{indicator}: above 0"), is_written, members, rows.among(has_value))
                found += [_with_bounds(line, need_ratio) for line in lines]
    return found


def written_ratio(
    table: pl.DataFrame, columns: MeasurementColumns, *, first: BoolArray, second: BoolArray | None = None
) -> Outcome:
    """Give how many times as often things are written of one group as of another, over all indicators together.

    Parameters
    ----------
    table
        One row a child, or an assessment.
    columns
        Strata are an indicator and a stage together.
    first, second
        The rows of each group; all others when `second` is missing.

    Returns
    -------
    Estimate or Undefined
        The ratio of Mantel and Haenszel, clustered by family. Not a factor of recording: see `bounded`.
    """
    rows, n = _Rows.of(table, columns), len(columns.indicators)
    other = ~first if second is None else second
    takes_part = (~np.isnan(rows.values) & (first | other)[:, None]).ravel()
    is_written = (np.nan_to_num(rows.values) > 0).ravel()[takes_part]
    stratum = (rows.stage[:, None] * n + np.arange(n)).ravel()[takes_part]
    is_first, cluster = np.repeat(first, n)[takes_part], np.repeat(rows.cluster, n)[takes_part]
    return ratio_at_equal_stage(is_written, is_first, stage=stratum, cluster=cluster)


def bounded(ratio: Outcome, need_ratio: float = NEED_RATIO) -> Bounded | Undefined:
    """Bound the factor of recording, given how often things are written and how far need may differ.

    Parameters
    ----------
    ratio
        How many times as often something is written of one group as of another.
    need_ratio
        Need of either group may be at most so many times that of the other; at least 1.

    Returns
    -------
    Bounded or Undefined
        From ratio / need_ratio to ratio x need_ratio.
    """
    if isinstance(ratio, Undefined):
        return ratio
    low, high = ratio.limits(LEVEL)
    return Bounded(ratio.value / need_ratio, ratio.value * need_ratio, low / need_ratio, high * need_ratio)


def scaled(ratio: Outcome, factor: float) -> Outcome:
    """Multiply an estimate, its interval with it."""
    if isinstance(ratio, Undefined):
        return ratio
    known = ratio

    def limits(level: float) -> tuple[float, float]:
        low, high = known.limits(level)
        return low * factor, high * factor

    return replace(
        known,
        value=known.value * factor,
        variance=known.variance * factor**2,
        limits=limits,
        influence=known.influence * factor,
    )


@dataclass(frozen=True)
class _Rows:
    """The rows of a table as arrays."""

    values: FloatArray
    stage: IntArray
    cluster: IntArray
    child: IntArray
    is_among: BoolArray

    @classmethod
    def of(cls, table: pl.DataFrame, columns: MeasurementColumns) -> _Rows:
        child = np.arange(table.height) if columns.child is None else codes_of(table[columns.child])[0]
        return cls(
            values=numbers_of(table, columns.indicators),
            stage=codes_of(table[columns.stage].fill_null(""))[0],
            cluster=codes_of(table[columns.cluster])[0],
            child=child,
            is_among=np.ones(table.height, dtype=np.bool_),
        )

    def among(self, chosen: BoolArray) -> _Rows:
        """Say among which rows something is counted."""
        return replace(self, is_among=chosen)


def _lines(
    named: tuple[str, str], is_counted: BoolArray, members: Mapping[str | None, BoolArray], rows: _Rows
) -> list[Share]:
    """Give everybody's share and each group's, with the ratio to everyone else."""
    name, measure = named
    share = partial(share_of_rows, is_counted=is_counted, cluster=rows.cluster, whose=rows.child)
    measure = f"{measure}, by {name}"
    found = [share((None, None, measure), is_chosen=rows.is_among)]
    among = rows.is_among
    for value, chosen in members.items():
        ratio = ratio_at_equal_stage(
            is_counted[among], chosen[among], stage=rows.stage[among], cluster=rows.cluster[among]
        )
        found.append(share((name, value, measure), is_chosen=chosen & among, beside={"ratio": ratio}))
    return found


def _with_bounds(share: Share, need_ratio: float) -> Share:
    """Put the bounds of recording beside a group's share."""
    if "ratio" not in share.beside:
        return share
    ratio = share.beside["ratio"]
    bounds = {"recording_at_least": scaled(ratio, 1 / need_ratio), "recording_at_most": scaled(ratio, need_ratio)}
    return replace(share, beside={**share.beside, **bounds})
