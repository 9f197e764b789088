"""Golden rows: invented children with the scores and contributions that a bundle must give back.

Each indicator is drawn on its own from its quantiles, so no row is a real one; a drawn row that happens to equal a
real one is thrown away. Some cells are missing and one row is missing altogether.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from training.registry.released import Calibrator, ReleasedModel, values_of

if TYPE_CHECKING:
    from collections.abc import Mapping

ROWS = 20
MISSING_SHARE = 0.1
RAREST, MOST = 0.01, 0.99
"""Quantiles drawn between: a value that one child in a hundred has is not taken over."""
TOLERANCE = 1e-9


def _quantiles(column: pl.Series, at: np.ndarray) -> pl.Series:
    """Values at the quantiles, in the column's own type; null where a column is empty."""
    known = column.drop_nulls().sort()
    if known.is_empty():
        return pl.Series(column.name, [None] * len(at), dtype=column.dtype)
    return known.gather((at * (known.len() - 1)).astype(np.int64))


def synthetic_rows(matrix: pl.DataFrame, indicators: tuple[str, ...], *, seed: int, rows: int = ROWS) -> pl.DataFrame:
    """Invent rows that look like a matrix, one indicator at a time.

    Parameters
    ----------
    matrix
        Real rows; only each column's quantiles are used.
    indicators
        The columns to invent.
    seed
        Same seed and matrix, same rows.

    Returns
    -------
    DataFrame of `rows` rows
        The indicators, in the matrix's types; the first row is missing throughout. No row equals a real one.
    """
    draw = np.random.default_rng(seed)
    drawn = 4 * rows
    columns = []
    for name in indicators:
        values = _quantiles(matrix[name], draw.uniform(RAREST, MOST, drawn))
        is_missing = pl.Series(draw.random(drawn) < MISSING_SHARE)
        is_missing[0] = True
        columns.append(pl.select(pl.when(~is_missing).then(values).alias(name)).to_series())
    invented = pl.DataFrame(columns)
    real = matrix.select(indicators)
    return invented.join(real, on=list(indicators), how="anti", nulls_equal=True, maintain_order="left").head(rows)


def golden(model: ReleasedModel, calibrator: Calibrator, rows: pl.DataFrame) -> dict[str, Any]:
    """Write down what a model gives for invented rows: what `golden.json` holds."""
    base, given = model.contributions(rows)
    numbers = values_of(rows, model.indicators)
    return {
        "indicators": list(model.indicators),
        "rows": [[None if np.isnan(cell) else float(cell) for cell in row] for row in numbers],
        "scores": [float(score) for score in calibrator.score(model.margin(rows))],
        "base": base,
        "contributions": [[float(cell) for cell in row] for row in given],
    }


def worst_difference(model: ReleasedModel, calibrator: Calibrator, stored: Mapping[str, Any]) -> float:
    """Score the golden rows again and give the largest difference from what is stored.

    Returns
    -------
    float
        Over scores, base and contributions; infinity when the rows are not this model's.
    """
    if tuple(stored["indicators"]) != model.indicators or not stored["rows"]:
        return float("inf")
    rows = pl.DataFrame(stored["rows"], schema=dict.fromkeys(model.indicators, pl.Float64), orient="row")
    base, given = model.contributions(rows)
    differences = (
        np.abs(calibrator.score(model.margin(rows)) - np.asarray(stored["scores"])).max(),
        np.abs(given - np.asarray(stored["contributions"])).max(),
        abs(base - stored["base"]),
    )
    return float(max(differences))
