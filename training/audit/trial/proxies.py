"""Proxies: how well columns tell a group that no score is told of, one by one and all together.

A column that tells a group is not wrong for that: need, place and age differ between groups. It means that a score
which reads the column may treat the group apart without ever being told of it, so that somebody has to look at the
measures by group before they trust that it does not. This file knows a table of columns and no score.

References
----------
DeLong et al. (1988), Biometrics 44:837, by cluster as Obuchowski (1997), for how well one column tells a group.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from scipy.special import expit, logit

from training.audit.counts.clusters import codes_of
from training.audit.disclosure.shares import Share, shown_shares
from training.audit.disclosure.shares_of_rows import rows_with, share_of_rows, values_of
from training.audit.statistics.estimate import Outcome, Undefined
from training.audit.statistics.ranking import MIN_EACH, auc
from training.audit.trial.concentration import Concentration, concentration
from training.audit.trial.telling import places, told_together

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from training.audit.settings import Disclosure
    from training.audit.statistics.estimate import BoolArray, FloatArray, IntArray

TOP = 10
"""Columns that tell a group best are listed by name, so many of them."""

LEAST_CATEGORIES = 2

WORDS = (
    "A half means that a column tells nothing of the group, 1 or 0 that it tells it wholly; below a half it is the "
    "lower values that go with the group. A column that tells a group is no fault by itself, and no proof that a score "
    "uses it.",
    "The ten columns named for a group were chosen for telling it best, so that their numbers flatter them; those that "
    "are always printed were not chosen.",
    "All columns together are fitted on some families and tried on others; nothing fitted is kept.",
)


@dataclass(frozen=True)
class ProxyColumns:
    """Columns of a table of children, or of homes.

    Parameters
    ----------
    characteristics
        Groups to be told; text, null where not recorded.
    numbers
        Columns of numbers or truth values, such as indicators; null where there is no value.
    categories
        Columns of text, such as a postcode sector.
    cluster
        The family.
    always
        By column that is printed whether or not it is among the best, the reason: such as why it is not scored.
    """

    characteristics: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    cluster: str = "cluster"
    always: Mapping[str, str] = field(default_factory=dict)


def proxy_section(table: pl.DataFrame, columns: ProxyColumns, disclosure: Disclosure) -> dict[str, Any]:
    """Say how well columns tell groups, as it may be shown.

    Parameters
    ----------
    table
        One row a child, or a home.
    columns
        Which columns say what.
    disclosure
        Who will read it.

    Returns
    -------
    dict
        `numbers` and `categories` (lists of `shown_shares`), `always` (the reasons, by column) and `words`. In
        `numbers` the share is of a group that would be guessed from all columns together, as many rows guessed as the
        group has; beside it `auc` of all together, `auc of COLUMN` for the ten best, and for each of `always`.
    """
    numbers = told_by_numbers(table, columns) if columns.numbers else []
    categories = told_by_categories(table, columns)
    return {
        "numbers": shown_shares(numbers, disclosure),
        "categories": shown_shares(categories, disclosure),
        "always": dict(sorted(columns.always.items())),
        "words": list(WORDS),
    }


def told_by_numbers(table: pl.DataFrame, columns: ProxyColumns) -> list[Share]:
    """Say how well numbers tell each group, against everyone else.

    Returns
    -------
    list of Share
        By characteristic: everybody, then each group, missing last.
    """
    cluster = codes_of(table[columns.cluster])[0]
    values = numbers_of(table, columns.numbers)
    groups = [(name, value) for name in columns.characteristics for value in values_of(table[name])]
    is_in = np.column_stack([rows_with(table[name], value) for name, value in groups])
    together, alone = told_together(values, is_in, cluster), beyond_chance(values, is_in)
    found = []
    for name in columns.characteristics:
        at = [place for place, group in enumerate(groups) if group[0] == name]
        hits = [_guessed(together[:, place], is_in[:, place]) for place in at]
        measure = f"{name} guessed from all columns"
        found.append(share_of_rows((None, None, measure), np.any(hits, axis=0), is_chosen=None, cluster=cluster))
        for place, hit in zip(at, hits, strict=True):
            chosen = is_in[:, place]
            beside = {"auc": auc_together(together[:, place], chosen, cluster)}
            best = [columns.numbers[best] for best in _best(alone[:, place])]
            for column in dict.fromkeys([*best, *columns.always]):
                beside[f"auc of {column}"] = auc_of(values[:, columns.numbers.index(column)], chosen, cluster)
            named = name, groups[place][1], measure
            found.append(share_of_rows(named, hit, is_chosen=chosen, cluster=cluster, beside=beside))
    return found


def told_by_categories(table: pl.DataFrame, columns: ProxyColumns) -> list[Share]:
    """Say how far each group is found in categories of its own; see `concentration`.

    Returns
    -------
    list of Share
        By characteristic, column and group that is told: everybody, then every group, by the share that lies in the
        told group's categories. Beside the told group: `gap` and `ratio` to everyone else.
    """
    cluster = codes_of(table[columns.cluster])[0]
    found = []
    for name in columns.characteristics:
        groups = {value: rows_with(table[name], value) for value in values_of(table[name])}
        for column in columns.categories:
            category, n_categories = codes_of(table[column].fill_null(""))
            for told in groups if n_categories >= LEAST_CATEGORIES else ():
                there = concentration(category, groups[told], cluster) if told is not None else None
                found += _lines_of(there, (name, f"{column} where {told} is over-represented", told), groups, cluster)
    return found


def _lines_of(
    there: Concentration | None,
    named: tuple[str, str, str | None],
    groups: Mapping[str | None, BoolArray],
    cluster: IntArray,
) -> list[Share]:
    """Give everybody's and every group's share in the told group's categories; nothing of a group that is not told."""
    if there is None:
        return []
    name, measure, told = named
    share = partial(share_of_rows, is_counted=there.is_there, cluster=cluster, whose=cluster)
    found = [share((None, None, measure), is_chosen=None)]
    for value, chosen in groups.items():
        beside: dict[str, Outcome] = {"gap": there.gap, "ratio": there.ratio} if value == told else {}
        found.append(share((name, value, measure), is_chosen=chosen, beside=beside))
    return found


def numbers_of(table: pl.DataFrame, names: Sequence[str]) -> FloatArray:
    """Give columns as floats, NaN where there is no value."""
    numbers = table.select(pl.col(name).cast(pl.Float64).fill_null(math.nan) for name in names)
    out: FloatArray = numbers.to_numpy().astype(np.float64)
    return out


def auc_of(values: FloatArray, is_in: BoolArray, cluster: IntArray) -> Outcome:
    """Give the chance that a row of the group has a higher value than another row; ties count half.

    Parameters
    ----------
    values
        One number a row; rows without one, NaN, are left out.
    is_in
        Whether the row is of the group.
    cluster
        Number of each row's cluster.
    """
    there = ~np.isnan(values)
    if not there.any():
        return Undefined("no row has a value")
    order = np.argsort(values[there], kind="stable")
    ids, place = np.unique(cluster[there][order], return_inverse=True)
    return auc(values[there][order], is_in[there][order], place.astype(np.int64), ids.astype(np.int64))


def auc_together(placed: FloatArray, is_in: BoolArray, cluster: IntArray) -> Outcome:
    """Give the AUC of places that were learnt on other families, with the learning in its interval.

    Parameters
    ----------
    placed
        As `told_together` gives them.
    is_in
        Whether the row is of the group.
    cluster
        Number of each row's cluster.

    Returns
    -------
    Estimate or Undefined
        With twice the variance of a score that was not learnt here: where the columns tell nothing, what one fold
        learns from another is what the other learns from it, so that every pair of folds is counted twice. Where they
        tell much the interval is wider than it need be.
    """
    plain = auc_of(placed, is_in, cluster)
    if isinstance(plain, Undefined) or not 0 < plain.value < 1:
        return plain
    known, middle = plain, float(logit(plain.value))

    def limits(level: float) -> tuple[float, float]:
        low, high = (float(logit(limit)) for limit in known.limits(level))
        below, above = math.sqrt(2) * (middle - low), math.sqrt(2) * (high - middle)
        return float(expit(middle - below)), float(expit(middle + above))

    return replace(known, variance=2 * known.variance, limits=limits, influence=math.sqrt(2) * known.influence)


def beyond_chance(values: FloatArray, is_in: BoolArray) -> FloatArray:
    """Give, columns by groups, how far the AUC lies from a half beyond what chance alone would do one time in ten.

    Returns
    -------
    array
        0 and above, 0 where too few rows have a value; by it the best are chosen. It is no estimate: `auc_of` is.
    """
    found = np.zeros((values.shape[1], is_in.shape[1]))
    for column in range(values.shape[1]):
        there = ~np.isnan(values[:, column])
        if not there.any():
            continue
        rank, members = places(values[there, column]), is_in[there].astype(np.float64)
        inside = members.sum(axis=0)
        outside = there.sum() - inside
        gap = np.abs(rank @ members / np.maximum(inside, 1) - rank @ (1 - members) / np.maximum(outside, 1))
        noise = 1.645 * np.sqrt(float(rank.var()) * (1 / np.maximum(inside, 1) + 1 / np.maximum(outside, 1)))
        is_enough = (inside >= MIN_EACH) & (outside >= MIN_EACH)
        found[column] = np.where(is_enough, np.maximum(gap - noise, 0), 0)
    return found


def _best(beyond: FloatArray) -> list[int]:
    """Give the places of the best columns, the first of equals first."""
    order = np.argsort(-beyond, kind="stable")[:TOP]
    return [int(at) for at in order if beyond[at] > 0]


def _guessed(together: FloatArray, is_in: BoolArray) -> BoolArray:
    """Say who of the group would be guessed, were the likeliest rows taken, as many as the group has."""
    order = np.argsort(-together, kind="stable")
    taken = np.zeros(is_in.size, dtype=np.bool_)
    taken[order[: int(is_in.sum())]] = True
    return taken & is_in
