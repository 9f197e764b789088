"""How far scores are from frequencies, everybody together, without what chance adds.

Plug-in calibration errors are never compared between groups: of a perfect score they are large where rows are few.
The de-biased square is not, but one number for all scores can hide that low ones are too low and high ones too high.

References
----------
Kumar, Liang and Ma (2019), NeurIPS 32 (de-biased calibration error, equal-mass bins).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array

from training.audit.statistics.estimate import LEVEL, BoolArray, FloatArray, IntArray, Undefined
from training.audit.statistics.ranking import MIN_EACH, tie_groups

MOST_BINS = 20
LEAST_IN_BIN = 50
"""Rows in a bin of equal mass: with fewer a bin's own error is mostly chance."""

NULL_DRAWS = 4_000
"""Draws behind the null band; its ends are then good to a twentieth of its width."""


@dataclass(frozen=True)
class CalibrationError:
    """How far scores are from frequencies, everybody together.

    Parameters
    ----------
    value
        Mean over bins of the squared distance of mean score and frequency, less what chance adds; below 0 where
        chance adds more than there is.
    null_low, null_high
        Between these it lies in 95 of 100 samples like this one when scores are frequencies.
    n_bins
        Bins with equally many rows, as far as ties allow.
    n
        Rows.
    """

    value: float
    null_low: float
    null_high: float
    n_bins: int
    n: int


def calibration_error(
    ascending: FloatArray, outcome: BoolArray, cluster: IntArray, *, seed: int = 0
) -> CalibrationError | Undefined:
    """Estimate the squared distance of scores from frequencies, of everybody; never compare it between groups.

    Parameters
    ----------
    ascending
        Probabilities, sorted from low to high.
    outcome
        One truth value a row.
    cluster
        Number of each row's cluster, from 0.
    seed
        Of the null band's draws.

    Returns
    -------
    CalibrationError or Undefined
        Undefined below 10 rows with, or without, the outcome, or where ties leave a single bin.
    """
    positives = int(outcome.sum())
    if min(positives, outcome.size - positives) < MIN_EACH:
        return Undefined(f"fewer than {MIN_EACH} rows with, or without, the outcome")
    place = _equal_mass(ascending)
    rows = np.bincount(place)
    if rows.size < 2:
        return Undefined("the scores do not vary")
    distance = np.bincount(place, outcome - ascending) / rows
    errors = _errors_of_bins(place, outcome - ascending - distance[place], cluster)
    least = np.bincount(place, ascending * (1 - ascending)) / rows**2
    own = np.diag(errors)
    value = float((rows * (distance**2 - own)).sum() / rows.sum())
    # why: scores that are frequencies leave at least their own variance, also in a bin where by chance none is seen
    wider = np.sqrt(np.maximum(own, least) / np.where(own > 0, own, 1.0))
    null = errors * np.outer(wider, wider) + np.diag(np.where(own > 0, 0.0, least))
    low, high = _null_band(null, rows / rows.sum(), seed)
    return CalibrationError(value, low, high, rows.size, outcome.size)


def _equal_mass(ascending: FloatArray) -> IntArray:
    """Give the bin of each row: equally many rows in each, equal scores never apart."""
    run = tie_groups(ascending)
    bins = int(np.clip(ascending.size // LEAST_IN_BIN, 1, MOST_BINS))
    counts = np.bincount(run)
    middle = np.cumsum(counts) - (counts + 1) / 2
    return np.unique((middle * bins / ascending.size).astype(np.int64), return_inverse=True)[1][run]


def _errors_of_bins(place: IntArray, errors: FloatArray, cluster: IntArray) -> FloatArray:
    """Give the clustered covariance of the bins' mean errors."""
    rows = np.bincount(place)
    sums = coo_array((errors / rows[place], (cluster, place)), shape=(int(cluster.max()) + 1, rows.size)).tocsr()
    clusters = int(np.count_nonzero(np.bincount(cluster)))
    return np.asarray((sums.T @ sums).todense(), dtype=np.float64) * clusters / max(clusters - 1, 1)


def _null_band(covariance: FloatArray, mass: FloatArray, seed: int) -> tuple[float, float]:
    """Draw bins' mean errors of scores that are frequencies, and give the band of the estimate."""
    # why not its factors: bins without an error of their own would leave them undefined
    size, turned = np.linalg.eigh(covariance)
    root = (turned * np.sqrt(np.maximum(size, 0.0))) @ turned.T
    draws = np.random.default_rng(seed).standard_normal((NULL_DRAWS, mass.size)) @ root
    found = (mass * (draws**2 - np.diag(covariance))).sum(axis=1)
    low, high = np.quantile(found, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
