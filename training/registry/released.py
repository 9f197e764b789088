"""A released model of any kind: its margin, what each indicator gave to it, and its calibrator. Applied, never fitted.

The margin is what the model ranks by (log-odds, or points for the rule of thumb). Contributions are on the margin and
add up to it with the base. Everything here is read from JSON: no pickle, no MLflow, no pandas.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Floats = NDArray[np.float64]
Kind = Literal["rule", "logistic", "lightgbm"]

KINDS: tuple[Kind, ...] = ("rule", "logistic", "lightgbm")
"""From the simplest to the most complicated: the order in which a learner must earn its place."""


def values_of(matrix: pl.DataFrame, indicators: tuple[str, ...]) -> Floats:
    """Take the indicators out of a matrix as numbers.

    Returns
    -------
    ndarray of shape (n, k), float64
        In the matrix's row order and the given column order; a missing value is NaN.
    """
    numbers = matrix.select(pl.col(name).cast(pl.Float64).fill_null(float("nan")) for name in indicators)
    return np.asarray(numbers.to_numpy(), dtype=np.float64)


@dataclass(frozen=True)
class ReleasedModel:
    """A model as it is released.

    Parameters
    ----------
    kind
        `rule`, `logistic` or `lightgbm`.
    indicators
        What it reads, in its own order.
    content
        `points` and `means` (rule); `intercept`, `coefficients` and `centres` (logistic); `text` (lightgbm, the
        Booster's own format). JSON values only.
    """

    kind: Kind
    indicators: tuple[str, ...]
    content: Mapping[str, Any]

    @cached_property
    def booster(self) -> Any:
        """The LightGBM Booster of the text; only for that kind."""
        import lightgbm

        return lightgbm.Booster(model_str=self.content["text"])

    @cached_property
    def read(self) -> frozenset[str]:
        """The indicators that can move a margin at all: with points, with a coefficient, or at a split of a tree."""
        if self.kind == "lightgbm":
            weights = self.booster.feature_importance("split")
        else:
            weights = self.content["points" if self.kind == "rule" else "coefficients"]
        return frozenset(name for name, weight in zip(self.indicators, weights, strict=True) if weight)

    def margin(self, matrix: pl.DataFrame) -> Floats:
        """Give each row's margin.

        Parameters
        ----------
        matrix
            Holds the indicators by name; null means missing.

        Returns
        -------
        ndarray of shape (n,), float64
            In the matrix's order.
        """
        values = values_of(matrix, self.indicators)
        if self.kind == "lightgbm" and len(values):  # LightGBM refuses to predict for nobody
            return np.asarray(self.booster.predict(values, raw_score=True), dtype=np.float64)
        base, given = _CONTRIBUTIONS[self.kind](self, values)
        return np.asarray(base + given.sum(axis=1), dtype=np.float64)

    def contributions(self, matrix: pl.DataFrame) -> tuple[float, Floats]:
        """Say what each indicator gave to each row's margin.

        Returns
        -------
        tuple of float and ndarray of shape (n, k), float64
            The base (the margin before anything is known of a child) and the contributions; base plus a row's sum is
            the row's margin.
        """
        return _CONTRIBUTIONS[self.kind](self, values_of(matrix, self.indicators))

    def to_json(self) -> dict[str, Any]:
        """Give what `model.json` holds."""
        return {"kind": self.kind, "indicators": list(self.indicators), **self.content}

    @staticmethod
    def from_json(stored: Mapping[str, Any]) -> ReleasedModel:
        """Read what `to_json` gave."""
        content = {key: value for key, value in stored.items() if key not in ("kind", "indicators")}
        return ReleasedModel(stored["kind"], tuple(stored["indicators"]), content)


def points_given(values: Floats, points: Floats) -> Floats:
    """Give the rule's points: an indicator's points where it is at least 1; a missing value gives none."""
    return np.where(np.nan_to_num(values, nan=0.0) >= 1, points, 0.0)


def _rule(model: ReleasedModel, values: Floats) -> tuple[float, Floats]:
    means = np.asarray(model.content["means"], dtype=np.float64)
    given = points_given(values, np.asarray(model.content["points"], dtype=np.float64))
    return float(means.sum()), given - means


def _logistic(model: ReleasedModel, values: Floats) -> tuple[float, Floats]:
    # A missing value is filled with the centre, so it gives nothing.
    centres = np.asarray(model.content["centres"], dtype=np.float64)
    centred = np.where(np.isnan(values), 0.0, values - centres)
    return float(model.content["intercept"]), centred * np.asarray(model.content["coefficients"], dtype=np.float64)


def _lightgbm(model: ReleasedModel, values: Floats) -> tuple[float, Floats]:
    """Exact TreeSHAP on the log-odds; the last column is the base, the same in every row."""
    # LightGBM refuses to predict for nobody; one invented row still gives the base.
    asked = values if len(values) else np.zeros((1, len(model.indicators)))
    given = np.asarray(model.booster.predict(asked, pred_contrib=True), dtype=np.float64)
    return float(given[0, -1]), given[: len(values), :-1]


_CONTRIBUTIONS: dict[Kind, Callable[[ReleasedModel, Floats], tuple[float, Floats]]] = {
    "rule": _rule,
    "logistic": _logistic,
    "lightgbm": _lightgbm,
}


def sigmoid(log_odds: Floats) -> Floats:
    """Turn log-odds into a share between 0 and 1."""
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)), dtype=np.float64)


@dataclass(frozen=True)
class Calibrator:
    """An affine map of the margin onto calibrated log-odds; the slope is above zero, so the order stays.

    Examples
    --------
    >>> Calibrator(slope=2.0, intercept=-1.0).log_odds(np.array([0.5]))
    array([0.])
    """

    slope: float
    intercept: float

    def __post_init__(self) -> None:
        assert self.slope > 0, "a released calibrator keeps the order"

    def log_odds(self, margin: Floats) -> Floats:
        """Give the calibrated log-odds of a margin."""
        return np.asarray(self.slope * margin + self.intercept, dtype=np.float64)

    def score(self, margin: Floats) -> Floats:
        """Give the calibrated share."""
        return sigmoid(self.log_odds(margin))
