"""How well children are recorded: whose characteristics are not recorded, where, and how much more often of whom.

That a child's ethnic group is not recorded is something the service did not do; it says nothing of the child. Of whom
it happens more often is hard to see, since what is missing is the very thing one would compare by. Siblings help: a
child whose brother's ethnic group is on record belongs to a family of that group, whether or not anybody wrote it down
for the child. Families are compared here, and nothing is ever written for a child: that would be imputation.

What siblings cannot show: a family of whom nobody is recorded, and an only child. Where services ask a family once, for
all of its children or for none, the difference between groups lies in the families that are left out; how alike
siblings are in it is printed beside the ratio.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from training.audit.counts.clusters import codes_of
from training.audit.disclosure.shares import Share, shown_shares
from training.audit.disclosure.shares_of_rows import rows_with, share_of_rows, values_of
from training.audit.statistics.estimate import Outcome, Undefined
from training.audit.statistics.rates_of_rows import gap_between
from training.audit.statistics.stratified import ratio_at_equal_stage

if TYPE_CHECKING:
    from collections.abc import Collection

    from training.audit.settings import Disclosure
    from training.audit.statistics.estimate import BoolArray

WHERE = ("team", "stage", "year")
"""Columns by which recording is looked at, where the table has them."""

SAYS_OF_THE_RATIO = (
    "The ratio compares children of families in which a brother's or sister's ethnic group is on record, at an equal "
    "stage: how many times as often the child's own is not recorded. Nobody's group is filled in. It does not speak of "
    "families of whom nobody is recorded, or of only children."
)
SAYS_OF_SIBLINGS = (
    "Likeness of siblings: how many times as often a child is not recorded where one of the siblings is not. Far above "
    "the ratio between groups it says that families are asked once, and then the ratio speaks of few of them."
)


@dataclass(frozen=True)
class RecordingColumns:
    """Columns of a table with one row a child.

    Parameters
    ----------
    characteristics
        Of whom it is asked whether they are recorded; text, null where not.
    cluster
        The family.
    where
        By which columns of `WHERE` to look.
    compared, known_by
        A characteristic, and the column with the same characteristic as it is known without the child's own record,
        such as that of the siblings; both None where there is no such column.
    reference
        The group with which the others are compared, beside everyone else.
    """

    characteristics: tuple[str, ...]
    cluster: str = "cluster"
    where: tuple[str, ...] = WHERE
    compared: str | None = None
    known_by: str | None = None
    reference: str | None = None


def recording_section(table: pl.DataFrame, columns: RecordingColumns, disclosure: Disclosure) -> dict[str, Any]:
    """Say how well children are recorded, as it may be shown.

    Parameters
    ----------
    table
        One row a child.
    columns
        Which columns say what.
    disclosure
        Who will read it.

    Returns
    -------
    dict
        `not_recorded` and `compared` (lists of `shown_shares`), `words`. `compared` is empty where no characteristic is
        known by another way.
    """
    by_place, by_group = not_recorded(table, columns), compared(table, columns)
    # why: one call, so that what is withheld of one list cannot be worked out from the other
    shown = shown_shares([*by_place, *by_group], disclosure)
    return {
        "not_recorded": shown[: len(by_place)],
        "compared": shown[len(by_place) :],
        "words": [SAYS_OF_THE_RATIO, SAYS_OF_SIBLINGS],
    }


def not_recorded(table: pl.DataFrame, columns: RecordingColumns) -> list[Share]:
    """Give the share of children of whom each characteristic is not recorded: of all, by team, by stage, by year.

    Returns
    -------
    list of Share
        By characteristic; first everybody, then each value of each place, not recorded places last. Beside each place
        stands its `gap` to everywhere else.
    """
    cluster = codes_of(table[columns.cluster])[0]
    where = [name for name in columns.where if name in table.columns]
    found = []
    for characteristic in columns.characteristics:
        is_missing, measure = table[characteristic].is_null().to_numpy(), f"{characteristic} not recorded"
        found.append(share_of_rows((None, None, measure), is_missing, is_chosen=None, cluster=cluster))
        for place in where:
            for value in values_of(table[place]):
                chosen, name = rows_with(table[place], value), (place, value, measure)
                beside = {"gap": gap_between(is_missing, chosen, cluster)}
                found.append(share_of_rows(name, is_missing, is_chosen=chosen, cluster=cluster, beside=beside))
    return found


def compared(table: pl.DataFrame, columns: RecordingColumns) -> list[Share]:
    """Give, by the group of the siblings, how often a child's own group is not recorded.

    Returns
    -------
    list of Share
        Everybody, each group of `known_by` and those of whom nothing is known by it. Beside each group's share: `ratio`
        to everyone else, and to the reference, at an equal stage; beside everybody's `likeness_of_siblings`.
    """
    if columns.compared is None or columns.known_by is None:
        return []
    cluster = codes_of(table[columns.cluster])[0]
    is_missing = table[columns.compared].is_null().to_numpy()
    measure, known_by = f"{columns.compared} not recorded", columns.known_by
    alike = {"likeness_of_siblings": likeness_of_siblings(table, columns)}
    found = [share_of_rows((None, None, measure), is_missing, is_chosen=None, cluster=cluster, beside=alike)]
    for value in values_of(table[known_by]):
        chosen = rows_with(table[known_by], value)
        beside = {} if value is None else _ratios(table, columns, value)
        name = known_by, value, measure
        found.append(share_of_rows(name, is_missing, is_chosen=chosen, cluster=cluster, beside=beside))
    return found


def _ratios(table: pl.DataFrame, columns: RecordingColumns, group: str) -> dict[str, Outcome]:
    to_others = {"ratio": recording_ratio(table, columns, first=[group])}
    if columns.reference in (None, group):
        return to_others
    return to_others | {
        "ratio_to_reference": recording_ratio(table, columns, first=[group], second=[str(columns.reference)])
    }


def recording_ratio(
    table: pl.DataFrame, columns: RecordingColumns, *, first: Collection[str], second: Collection[str] | None = None
) -> Outcome:
    """Give how many times as often a characteristic is not recorded of one group as of another, at an equal stage.

    Parameters
    ----------
    table
        One row a child.
    columns
        `compared` and `known_by` are needed.
    first, second
        Groups, as `known_by` names them; everyone else whose group is known so when `second` is missing.

    Returns
    -------
    Estimate or Undefined
        Clustered by family. A family in which only one child is recorded takes part with its other children: whether
        somebody else was recorded thins both groups and favours none, as long as children are recorded one by one.
    """
    if columns.compared is None or columns.known_by is None:
        return Undefined("nothing is known but by the child's own record")
    group = pl.col(columns.known_by)
    is_second = group.is_in(second) if second is not None else ~group.is_in(first)
    known = table.filter(group.is_not_null(), group.is_in(first) | is_second)
    return _ratio(known, columns, known[columns.known_by].is_in(first).to_numpy())


def likeness_of_siblings(table: pl.DataFrame, columns: RecordingColumns) -> Outcome:
    """Give how many times as often a child is not recorded where a sibling is not, as where all siblings are.

    Returns
    -------
    Estimate or Undefined
        At an equal stage, among children with others of their family in the table. Some likeness comes of the groups
        themselves, which differ.
    """
    is_missing = pl.col(columns.compared or "").is_null().cast(pl.Int64)
    others = table.with_columns(
        (pl.len().over(columns.cluster) - 1).alias("n_others"),
        (is_missing.sum().over(columns.cluster) - is_missing).alias("n_others_missing"),
    ).filter(pl.col("n_others") > 0)
    return _ratio(others, columns, (others["n_others_missing"] > 0).to_numpy())


def _ratio(table: pl.DataFrame, columns: RecordingColumns, is_first: BoolArray) -> Outcome:
    if table.is_empty():
        return Undefined("nobody's group is known by another way")
    stage = np.zeros(table.height, np.int64)
    if "stage" in table.columns:
        stage = codes_of(table["stage"].fill_null(""))[0]
    is_missing = table[columns.compared or ""].is_null().to_numpy()
    return ratio_at_equal_stage(is_missing, is_first, stage=stage, cluster=codes_of(table[columns.cluster])[0])
