"""Coverage of the intervals of AUC and calibration intercept, where brothers and sisters go the same way."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, ndtr

from training.audit.statistics import calibration, ranking
from training.audit.statistics.estimate import Estimate

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

SIZE = 3
SPREAD = 1.2
"""Standard deviation of the log-odds of children's chances; a score that knows them has an AUC of about 0.77."""

TOO_LOW = 0.5
"""By so much the log-odds of all scores are too low: the true calibration intercept."""

_STEPS = np.linspace(-8, 8, 4001)
_WEIGHT = np.exp(-(_STEPS**2) / 2) / np.exp(-(_STEPS**2) / 2).sum()


@dataclass(frozen=True)
class World:
    """Where log-odds lie, and the AUC that the scores truly have."""

    centre: float
    auc: float


def world_of(prevalence: float) -> World:
    """Find the mean log-odds that give a prevalence, and the AUC, by adding up over a fine grid."""
    centre = brentq(lambda at: float((_WEIGHT * expit(at + SPREAD * _STEPS)).sum()) - prevalence, -10, 10)
    chance = expit(centre + SPREAD * _STEPS)
    of_positives, of_negatives = _WEIGHT * chance / prevalence, _WEIGHT * (1 - chance) / (1 - prevalence)
    below = np.cumsum(of_negatives) - of_negatives / 2
    return World(float(centre), float((of_positives * below).sum()))


def measured(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Measure both for every number of households, with and without what they have in common."""
    of = plan["scores"]
    random = np.random.default_rng(plan["seed"] + 2)
    worlds = {prevalence: world_of(prevalence) for prevalence in of["prevalence"]}
    for households, shared in product(of["households"], of["shared"]):
        found = [
            _covered(random, worlds[prevalence], (households, shared), of["draws"], plan["level"])
            for prevalence in of["prevalence"]
        ]
        for place, what in enumerate(("auc", "calibration intercept")):
            covered = np.array([each[place] for each in found])
            yield {
                "what": what,
                "rows_of_a_cluster": str(SIZE),
                "correlation": shared,
                "clusters": households,
                "rows": households * SIZE,
                "average": float(covered.mean()),
                "rates": np.array(of["prevalence"]),
                "covered": covered,
                # The households that have it are all that is surely independent.
                "expected": households * np.array(of["prevalence"]),
                "draws": of["draws"],
            }


def _covered(
    random: np.random.Generator, world: World, cell: tuple[int, float], draws: int, level: float
) -> tuple[float, float]:
    """Give the share of intervals that hold the AUC, and the intercept; where there is none it holds nothing wrong."""
    households, shared = cell
    home = np.repeat(np.arange(households), SIZE)
    held = np.zeros((draws, 2))
    for draw in range(draws):
        margin = world.centre + SPREAD * _alike(random, households, shared)
        has_outcome = ndtr(_alike(random, households, shared)) < expit(margin)
        order = np.argsort(margin)
        score, outcome, cluster = expit(margin - TOO_LOW)[order], has_outcome[order], home[order]
        ids = np.arange(households)
        of_ranks = ranking.auc(score, outcome, cluster, ids)
        of_height = calibration.intercept(calibration.log_odds(score), outcome, cluster, ids)
        for place, (found, truth) in enumerate(((of_ranks, world.auc), (of_height, TOO_LOW))):
            low, high = found.limits(level) if isinstance(found, Estimate) else (-np.inf, np.inf)
            held[draw, place] = low <= truth <= high
    return float(held[:, 0].mean()), float(held[:, 1].mean())


def _alike(random: np.random.Generator, households: int, shared: float) -> Floats:
    """Draw standard normals of which the children of a household have a share in common."""
    common = np.repeat(random.standard_normal(households), SIZE)
    own = random.standard_normal(households * SIZE)
    return np.asarray(np.sqrt(shared) * common + np.sqrt(1 - shared) * own)
