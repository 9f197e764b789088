"""How a child stands among children of the same age and rung, by domain of family life, risk and resilience apart.

A standing says where the records of this child lie among those of others, not how a child or family is. Domains are
never added up and risk and resilience are never set off against each other: there is no score of a family.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import polars as pl

from features.indicators.catalogue import CATALOGUE
from features.indicators.declaration import Domain, Indicator, Polarity

if TYPE_CHECKING:
    from collections.abc import Sequence

# Fewer others of the same age and rung than this say little of where anybody stands: ours.
FEWEST_PEERS = 20

# Whole years of age at which a band begins; the bands of the children in need census, and infants by themselves.
AGE_BANDS = (1, 5, 10, 16)

_AGE, _PEERS = "age_years", ("age_band", "rung")


def profiles(
    matrix: pl.DataFrame, cohort_frame: pl.DataFrame, *, indicators: Sequence[Indicator] = CATALOGUE
) -> pl.DataFrame:
    """Give each child's standing in each domain.

    In a domain, a child's place among those of the same age and rung is found for each indicator by itself (those
    alike share the middle place), the places are averaged, and the averages are placed again.

    Parameters
    ----------
    matrix
        As `features.indicators.matrix.build_matrix` gives it, with `age_years`.
    cohort_frame
        As `features.cohort.cohort` gives it, row for row the same children.
    indicators
        Those to stand by; those of context, and those that no model may read, are left out.

    Returns
    -------
    DataFrame
        `child_id`, `as_of`, `domain`, `polarity` (`risk` or `resilience`), `standing` (Float32, 0 to 1: the share of
        children of the same age and rung whose records show less of it, half of those alike counted; missing where
        nothing of the domain is told, or for fewer than `FEWEST_PEERS` children of that age and rung it is), `n_told`
        (Int16, indicators of which the child has a value), `n_indicators` (Int16), `n_peers` (Int32, children of the
        same age and rung of whom something is told, the child among them); sorted by child, then in the order of the
        domains.
    """
    rung = cohort_frame.select("child_id", "rung")
    children = matrix.join(rung, on="child_id", how="left", maintain_order="left").with_columns(_age_band())
    parts = [
        _of_domain(children, chosen, domain=domain, polarity=polarity)
        for domain, polarity in product(Domain, (Polarity.RISK, Polarity.RESILIENCE))
        if (chosen := _chosen(indicators, domain, polarity))
    ]
    order = pl.Enum([str(domain) for domain in Domain])
    return (
        pl.concat(parts)
        .with_columns(pl.col("domain").cast(order))
        .sort("child_id", "domain", "polarity", descending=[False, False, True])
        .with_columns(pl.col("domain").cast(pl.String))
    )


def _chosen(indicators: Sequence[Indicator], domain: Domain, polarity: Polarity) -> list[str]:
    return [one.name for one in indicators if one.domain == domain and one.polarity == polarity and not one.not_scored]


def _of_domain(children: pl.DataFrame, names: list[str], *, domain: Domain, polarity: Polarity) -> pl.DataFrame:
    placed = children.select("child_id", "as_of", *_PEERS, *(_place(name).alias(name) for name in names))
    # Rounded, so that those alike stay alike whatever the last digit of an average.
    averaged = placed.with_columns(
        pl.mean_horizontal(names).round(9).alias("average"),
        pl.sum_horizontal(pl.col(name).is_not_null() for name in names).cast(pl.Int16).alias("n_told"),
    )
    n_peers = pl.col("average").count().over(_PEERS)
    return averaged.select(
        "child_id",
        "as_of",
        pl.lit(str(domain)).alias("domain"),
        pl.lit(str(polarity)).alias("polarity"),
        pl.when(n_peers >= FEWEST_PEERS).then(_place("average")).cast(pl.Float32).alias("standing"),
        "n_told",
        pl.lit(len(names), pl.Int16).alias("n_indicators"),
        n_peers.cast(pl.Int32).alias("n_peers"),
    )


def _place(name: str) -> pl.Expr:
    """Place a child between those with less and those with more; the middle of those alike."""
    value = pl.col(name)
    return (value.rank("average").over(_PEERS) - 0.5) / value.count().over(_PEERS)


def _age_band() -> pl.Expr:
    """Count the bands that begin at or below the age; -1 for a child not yet born, or of no known age."""
    begun = pl.sum_horizontal((pl.col(_AGE) >= years).cast(pl.Int8) for years in AGE_BANDS)
    return pl.when(pl.col(_AGE).is_null()).then(-1).otherwise(begun).alias("age_band")
