"""Which gaps a model really has between groups: over as many children as can be had, and nobody's sample.

Two answers. By *chance*: each child counts with their true probability of the outcome (`truth/chances.parquet`), so
that only who they are is drawn. By *event*: each child counts with what happened. They differ where a group is made of
what happens later: ethnicity is asked for more often the further a case goes, and the table holds what is known at the
end. There the gap by chance is that of other groups than the audit sees, and the gap by event is the truth of those.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.special import expit, logit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

SMALLEST = 1e-6
Key = tuple[str, str | None, str]
"""Characteristic, group (None where it is not recorded) and measure."""


@dataclass(frozen=True)
class Gap:
    """A group less everyone else.

    Parameters
    ----------
    value, error
        The gap and its standard error, by authority-wide household.
    rows
        Of the group.
    """

    value: float
    error: float
    rows: int


def with_truth(rows: pl.DataFrame, place: Path, *, cut_off: float, seed: int) -> pl.DataFrame:
    """Put beside each audited row its true chance and whether it was flagged.

    Parameters
    ----------
    rows
        As `model.score_day` gives them.
    place
        The authority's folder.
    cut_off
        Of the audit: flagged is a score of at least this.
    seed
        Tells households of different authorities apart.
    """
    told = pl.read_parquet(place / "truth" / "chances.parquet").filter(pl.col("outcome") == "escalation")
    chance = told.select("child_id", "as_of", "chance").filter(pl.col("as_of") == _day_of(told))
    return rows.join(chance.drop("as_of"), on="child_id", how="left", maintain_order="left").select(
        "ethnic_group",
        "sex",
        "disability",
        "score",
        cluster=pl.format("{} {}", pl.lit(seed), "cluster"),
        event=pl.col("outcome").cast(pl.Float64),
        chance="chance",
        is_flagged=pl.col("score") >= cut_off,
    )


def _day_of(told: pl.DataFrame) -> pl.Expr:
    from experiments.e003_planted.authorities import plan

    return pl.lit(plan()["authorities"]["as_of"])


def true_gaps(rows: pl.DataFrame, attributes: Iterable[str], *, weight: str) -> dict[Key, Gap]:
    """Give the gap of each group to everyone else in both gated measures.

    Parameters
    ----------
    rows
        Of `with_truth`, of many authorities.
    attributes
        Characteristics.
    weight
        `chance` or `event`. Rows without a chance are left out: the records list a few whom the truth does not.

    Returns
    -------
    dict
        Without groups in which nothing ever happened, of which the gap is not known.
    """
    kept = rows.filter(pl.col(weight).is_not_null())
    y, cluster = kept[weight].to_numpy(), _codes(kept["cluster"])
    score = np.clip(kept["score"].to_numpy(), SMALLEST, 1 - SMALLEST)
    flagged = kept["is_flagged"].to_numpy()
    found: dict[Key, Gap] = {}
    for attribute in attributes:
        for group, chosen in _groups(kept[attribute]):
            if min(y[chosen].sum(), y[~chosen].sum()) == 0:
                continue
            tpr = [_rate(flagged, y * part) for part in (chosen, ~chosen)]
            shift = [_intercept(score, y, part) for part in (chosen, ~chosen)]
            for measure, sides in (("tpr", tpr), ("calibration_intercept", shift)):
                (first, one), (second, other) = sides
                error = _error(one - other, cluster)
                found[attribute, group, measure] = Gap(first - second, error, int(chosen.sum()))
    return found


def _codes(names: pl.Series) -> npt.NDArray[np.int64]:
    return names.rank(method="dense").to_numpy().astype(np.int64) - 1


def _groups(column: pl.Series) -> Iterator[tuple[str | None, Flags]]:
    for group in column.unique().sort(nulls_last=True).to_list():
        yield group, (column.is_null() if group is None else column.eq_missing(group)).to_numpy()


def _rate(flagged: Flags, weight: Floats) -> tuple[float, Floats]:
    """Give the weighted share flagged, and what each row adds to its error."""
    total = float(weight.sum())
    value = float((weight * flagged).sum()) / total
    return value, weight * (flagged - value) / total


def _intercept(score: Floats, y: Floats, part: Flags) -> tuple[float, Floats]:
    """Give the shift of the log-odds at which scores mean what happens, and what each row adds to its error."""
    margin, shift = logit(score), 0.0
    for _ in range(50):
        expected = expit(margin[part] + shift)
        step = float((y[part] - expected).sum() / (expected * (1 - expected)).sum())
        shift += step
        if abs(step) < 1e-12:
            break
    expected = expit(margin + shift)
    return shift, part * (y - expected) / float((expected * (1 - expected))[part].sum())


def _error(influence: Floats, cluster: npt.NDArray[np.int64]) -> float:
    by_cluster = np.bincount(cluster, influence)
    return float(np.sqrt((by_cluster**2).sum()))
