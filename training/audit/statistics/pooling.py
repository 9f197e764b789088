"""Rates of intersections that borrow from each other: a cell of 12 children is neither hidden nor believed.

A cell's own k of n stays what it is. Beside it stands a pooled estimate: what the characteristics say one by one
(their main effects), drawn towards the cell's own rate the more rows the cell has. It is borrowed, and marked so: it
does not say what happened to these children, and an intersection that is truly special looks less so here.

References
----------
Herlihy et al. (2024), arXiv 2401.14893 (structured regression over main effects); Daniels (1999), Canadian Journal
of Statistics 27:567 (the prior of precision); Evans et al. (2018), Social Science and Medicine 203:64, and Merlo
(2018), the same 203:74 (MAIHDA: what is left to the intersection).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, chdtri, expit, gammaln, logit

from training.audit.statistics.estimate import (
    LEVEL,
    NO_CLUSTERS,
    NO_INFLUENCE,
    Estimate,
    FloatArray,
    IntArray,
    Limits,
    Outcome,
    Undefined,
)

SPREADS: FloatArray = np.array([0.1, 0.3, 0.6, 1.0, 1.6])
"""Standard deviations of main effects that are tried, in log-odds; each counts as a half-normal one gives it."""

PRECISIONS: FloatArray = np.geomspace(1 / 300, 1_000, 26)
"""Precisions that are tried, as multiples of the median cell: at 1 a median cell is half its own."""

DRAWS = 400
"""Draws behind the interval of the share left to the intersection."""

_STEPS = 8
_STEPS_FROM_THERE = 4
_FLAT = 1e-4
_NEGLIGIBLE = 1e-6
_DECIMALS = 9


@dataclass(frozen=True)
class Pooled:
    """Pooled rates, one a cell, in the order given.

    Parameters
    ----------
    value, low, high
        Pooled rate with its 95% interval, between 0 and 1.
    weight
        How much of it is the cell's own rate: 0 for an empty cell, near 1 for a large one.
    share_left_to_the_intersection
        Of the variance between cells, the share that the characteristics one by one do not explain; 0 where each
        intersection is the sum of its parts. Cells count alike, however small.
    """

    value: FloatArray
    low: FloatArray
    high: FloatArray
    weight: FloatArray
    share_left_to_the_intersection: Outcome


@dataclass(frozen=True)
class _Cells:
    """Effective counts and the main effects' indicators; the first column is 1."""

    k: FloatArray
    n: FloatArray
    design: FloatArray


@dataclass(frozen=True)
class _Fits:
    """One fit for each spread and precision that is tried: the first axis of every array.

    Parameters
    ----------
    chance
        How much the counts speak for it; sums to 1.
    precision, effects, covariance
        Of the beta-binomial; main effects, and their covariance.
    predicted, doubt
        By cell, what main effects say, and the variance of that.
    against_none
        By how much the log-likelihood falls when nothing is left to the intersection.
    """

    chance: FloatArray
    precision: FloatArray
    effects: FloatArray
    covariance: FloatArray
    predicted: FloatArray
    doubt: FloatArray
    against_none: float


def pool(values: IntArray, k: FloatArray, n: FloatArray, design_effect: FloatArray, *, seed: int = 0) -> Pooled:
    """Pool the rates of the cells of an intersection.

    Precision and the spread of main effects are not fixed at their likeliest value but averaged over what the counts
    allow, so that "no interaction was found" is not taken for "there is none".

    Parameters
    ----------
    values
        Codes of the characteristics' values; shape (cells, characteristics). A missing value is a code of its own.
    k, n
        Numerators and denominators, in rows; a cell may be empty.
    design_effect
        At least 1; counts are divided by it.
    seed
        Of the draws behind the interval of the share.

    Returns
    -------
    Pooled
        All NaN, and the share undefined, when nobody, or everybody, is counted in all cells together.
    """
    cells = _Cells(k / design_effect, n / design_effect, _design(values))
    if not 0 < cells.k.sum() < cells.n.sum():
        nothing = np.full(n.shape, np.nan)
        return Pooled(nothing, nothing, nothing, nothing, Undefined("the rate is 0, or 1, in every cell"))
    fits = _fit(cells)
    precision = fits.precision[:, None]
    own = cells.n / (cells.n + precision)
    mean = (fits.predicted * precision + cells.k) / (precision + cells.n)
    variance = mean * (1 - mean) / (precision + cells.n + 1) + (1 - own) ** 2 * fits.doubt
    chance = fits.chance[:, None]
    value = (chance * mean).sum(axis=0)
    spread = (chance * (variance + (mean - value) ** 2)).sum(axis=0)
    low, high = _beta_limits(value, spread)
    share = _share_left(cells, fits, seed, rows=(int(k.sum()), int(n.sum())))
    weight = (chance * own).sum(axis=0)
    value, low, high, weight = (np.round(part, _DECIMALS) for part in (value, low, high, weight))
    return Pooled(value, low, high, weight, share)


def _design(values: IntArray) -> FloatArray:
    """Give one column of ones and one indicator for each value of each characteristic."""
    columns = [(column[:, None] == np.unique(column)).astype(np.float64) for column in values.T]
    return np.concatenate([np.ones((len(values), 1)), *columns], axis=1)


def _beta_limits(value: FloatArray, spread: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Give the 95% limits of beta distributions with these means and variances."""
    counts = np.maximum(value * (1 - value) / spread - 1, 1e-3)
    tail = (1 - LEVEL) / 2
    first, second = value * counts, (1 - value) * counts
    return betaincinv(first, second, tail), betaincinv(first, second, 1 - tail)


def _fit(cells: _Cells) -> _Fits:
    """Fit main effects at every spread and precision that is tried, and weigh the fits by their likelihood."""
    typical = float(np.median(cells.n[cells.n > 0]))
    spread, multiple = (grid.ravel() for grid in np.meshgrid(SPREADS, PRECISIONS, indexing="ij"))
    precision = typical * multiple
    ridge = np.full((spread.size, cells.design.shape[1]), _FLAT)
    ridge[:, 1:] = 1 / spread[:, None] ** 2
    effects, information = _main_effects(cells, precision, ridge)
    predicted = expit(effects @ cells.design.T)
    likelihood = (
        _log_likelihood(cells, predicted, precision)
        - 0.5 * (ridge * effects**2).sum(axis=1)
        + 0.5 * np.log(ridge).sum(axis=1)
        - 0.5 * np.linalg.slogdet(information)[1]
        + np.log(spread)
        - 0.5 * spread**2
    )
    chance = np.exp(likelihood - likelihood.max()) * multiple / (1 + multiple) ** 2
    against_none = float(likelihood.max() - likelihood[multiple == PRECISIONS[-1]].max())
    kept = chance > _NEGLIGIBLE * chance.sum()
    covariance = np.linalg.inv(information[kept])
    predicted = predicted[kept]
    reach = ((cells.design @ covariance) * cells.design).sum(axis=-1)
    doubt = (predicted * (1 - predicted)) ** 2 * reach
    weights = chance[kept] / chance[kept].sum()
    return _Fits(weights, precision[kept], effects[kept], covariance, predicted, doubt, against_none)


def _main_effects(cells: _Cells, precision: FloatArray, ridge: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Fit the main effects at each precision and ridge, all at once; give them and their information."""
    begin = np.zeros((1, ridge.shape[1]))
    begin[0, 0] = logit(cells.k.sum() / cells.n.sum())
    middle = len(ridge) // 2
    pairs = _pairs(cells.design)
    one, _ = _newton(cells, (precision[middle : middle + 1], ridge[middle : middle + 1]), begin, pairs, steps=_STEPS)
    return _newton(cells, (precision, ridge), np.tile(one, (len(ridge), 1)), pairs, steps=_STEPS_FROM_THERE)


def _pairs(design: FloatArray) -> tuple[IntArray, IntArray, FloatArray]:
    """Give the two places, and the product, of each two columns that ever stand together: most never do."""
    row, column = np.triu_indices(design.shape[1])
    products = design[:, row] * design[:, column]
    together = products.any(axis=0)
    return row[together], column[together], products[:, together]


def _newton(
    cells: _Cells,
    priors: tuple[FloatArray, FloatArray],
    begin: FloatArray,
    pairs: tuple[IntArray, IntArray, FloatArray],
    *,
    steps: int,
) -> tuple[FloatArray, FloatArray]:
    """Take Newton's steps towards the likeliest main effects; `priors` holds precision and ridge of each fit."""
    (precision, ridge), design, (row, column, products) = priors, cells.design, pairs
    evidence = cells.n / (1 + np.maximum(cells.n - 1, 0) / (1 + precision[:, None]))
    rate = np.divide(cells.k, cells.n, out=np.zeros_like(cells.k), where=cells.n > 0)
    information = np.zeros((*ridge.shape, design.shape[1]))
    diagonal = np.arange(design.shape[1])
    effects = begin
    for step in range(steps + 1):
        predicted = expit(effects @ design.T)
        sums = (evidence * predicted * (1 - predicted)) @ products
        information[:, row, column] = sums
        information[:, column, row] = sums
        information[:, diagonal, diagonal] += ridge
        if step == steps:
            break
        pull = (evidence * (rate - predicted)) @ design - ridge * effects
        move = np.linalg.solve(information, pull[:, :, None])[:, :, 0]
        # why: a full step overshoots where a value has few rows and no outcome
        effects = effects + move / np.maximum(1.0, np.abs(move).max(axis=1, keepdims=True) / 2)
    return effects, information


def _log_likelihood(cells: _Cells, predicted: FloatArray, precision: FloatArray) -> FloatArray:
    """Give the beta-binomial log-likelihood of each fit, up to a constant."""
    total = precision[:, None]
    first, second = predicted * total, (1 - predicted) * total
    own = gammaln(cells.k + first) - gammaln(first) + gammaln(cells.n - cells.k + second) - gammaln(second)
    # why: this part is the same at every spread
    some, back = np.unique(precision, return_inverse=True)
    shared = (gammaln(cells.n + some[:, None]) - gammaln(some[:, None])).sum(axis=1)
    return np.asarray(own.sum(axis=1) - shared[back], dtype=np.float64)


def _share_left(cells: _Cells, fits: _Fits, seed: int, *, rows: tuple[int, int]) -> Outcome:
    """Draw precision and main effects, and see how much of the variance between cells the former is."""
    filled = cells.n > 0
    if int(filled.sum()) < 3:
        return Undefined("fewer than three cells have rows")
    random = np.random.default_rng(seed)
    chosen = np.sort(random.choice(fits.chance.size, DRAWS, p=fits.chance))
    noise = random.standard_normal((DRAWS, cells.design.shape[1]))
    roots = np.linalg.cholesky(fits.covariance)
    effects = fits.effects[chosen] + (roots[chosen] @ noise[:, :, None])[:, :, 0]
    predicted = expit(effects @ cells.design[filled].T)
    left = (predicted * (1 - predicted)).mean(axis=1) / (1 + fits.precision[chosen])
    shares = np.sort(np.round(left / (left + predicted.var(axis=1, ddof=1)), _DECIMALS))
    return Estimate(
        value=float(np.median(shares)),
        k=rows[0],
        n=rows[1],
        clusters=int(filled.sum()),
        design_effect=1.0,
        variance=float(shares.var(ddof=1)),
        limits=_quantiles(shares, fits.against_none),
        cluster_ids=NO_CLUSTERS,
        influence=NO_INFLUENCE,
    )


def _quantiles(draws: FloatArray, against_none: float) -> Limits:
    """Close over draws, so that their interval can be asked for at any level; it begins at 0 where 0 stands."""

    def limits(level: float) -> tuple[float, float]:
        low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
        # why: no draw is ever 0; a variance at its edge has half the chi-square's tail
        is_refuted = 2 * against_none > chdtri(1, 1 - level)
        return float(low) if is_refuted else 0.0, float(high)

    return limits
