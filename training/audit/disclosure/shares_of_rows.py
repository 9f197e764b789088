"""Shares from rows: who is counted, who is in the group, and which rows belong to one family.

For what is looked at beside the score, one row a child (or one a home). It decides nothing about small numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from features.vocabulary.characteristics import in_order
from training.audit.disclosure.shares import Share
from training.audit.statistics.rates_of_rows import rate_of_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from training.audit.statistics.estimate import BoolArray, IntArray, Outcome


def share_of_rows(
    named: tuple[str | None, str | None, str],
    is_counted: BoolArray,
    *,
    is_chosen: BoolArray | None,
    cluster: IntArray,
    beside: Mapping[str, Outcome] | None = None,
    whose: IntArray | None = None,
) -> Share:
    """Give the share of a group of rows that are counted.

    Parameters
    ----------
    named
        Attribute, group and measure, as `Share` has them.
    is_counted
        One truth value a row.
    is_chosen
        The rows of the group; None for all.
    cluster
        Number of each row's cluster.
    beside
        Other numbers on the same rows.
    whose
        Number of the child that each row is of, or of the family where a row is a home: what is small is told by them,
        and a family has at least one child. None where each row is a child.
    """
    chosen = np.ones(is_counted.size, dtype=np.bool_) if is_chosen is None else is_chosen
    of = np.arange(is_counted.size) if whose is None else whose
    return Share(
        attribute=named[0],
        group=named[1],
        measure=named[2],
        children=np.unique(of[chosen]).size,
        counted=np.unique(of[chosen & is_counted]).size,
        outcome=rate_of_rows(is_counted[chosen], cluster[chosen]),
        beside=beside or {},
    )


def values_of(column: pl.Series) -> list[str | None]:
    """Give the values that occur in a column of text, in the order of their numbers and letters, missing last."""
    known: list[str] = sorted(column.drop_nulls().unique().to_list(), key=in_order)
    return [*known, None] if column.null_count() else [*known]


def rows_with(column: pl.Series, value: str | None) -> BoolArray:
    """Say which rows hold a value; None asks for the missing ones."""
    found = column.is_null() if value is None else (column == value).fill_null(value=False)
    return np.asarray(found.to_numpy(), dtype=np.bool_)
