"""Whether a group is looked at more often than others at equal need, and why the records cannot say.

Contacts come from people who saw a child and worried. If a group has `r` times as many contacts per child as
everyone else, it may have `r` times the need, or be looked at `r` times as often, or any mixture: `r` is the product
of the two. For an assumed range of the true ratio of need, [1/g, g], this file gives the range of the other,
[r/g, r*g]. It knows counts; it cannot tell which mixture is true, and does not say that looking was wrong.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from features.vocabulary.errors import WrongUsageError
from training.audit.disclosure.shares import Share
from training.audit.statistics.estimate import (
    LEVEL,
    BoolArray,
    Estimate,
    FloatArray,
    IntArray,
    Limits,
    Outcome,
    Undefined,
    dot,
)
from training.audit.statistics.intervals import MIN_CLUSTERS, clustered_variance, normal_quantile, t_quantile
from training.audit.statistics.rates_of_rows import rate_of_rows
from training.audit.statistics.ratios import gap_of, ratio_of
from training.audit.statistics.stratified import ratio_at_equal_stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from training.audit.intake import GroupColumn

MOST_NEED = 1.5
"""How many times the need of one group may be that of everyone else, unless somebody says otherwise: local
judgement, to be set by who knows the place."""

WHAT_IT_CANNOT_TELL = (
    "More contacts in a group can mean more need, more looking, or both; these records cannot tell how much of it is "
    "which. The figures say how much more looking there would be at each difference in need."
)
"""Stands beside every figure of contacts."""

WHAT_A_HIT_RATE_CANNOT_TELL = (
    "If need is found less often after a contact about one group than about another, the bar for a contact may be "
    "lower there; it may also be that the two groups differ in how many children are far above the bar."
)
"""Stands beside every hit rate (the problem of infra-marginality: an average says little of those at the bar)."""


@dataclass(frozen=True)
class Surveillance:
    """How many times as often a group is looked at, if its true need is between 1/g and g times everyone else's.

    Parameters
    ----------
    ratio
        Contacts per child over everyone else's. It is also the ratio of need at which no surveillance is left.
    low, high
        Of surveillance, by the ratio of need alone.
    outer_low, outer_high
        With sampling error too, at 95%.
    """

    ratio: Estimate
    low: float
    high: float
    outer_low: float
    outer_high: float


def rate_of_events(events_by_cluster: FloatArray, exposure_by_cluster: FloatArray, cluster_ids: IntArray) -> Outcome:
    """Estimate how many events there are per child, or per child and month, which may be above 1.

    Parameters
    ----------
    events_by_cluster, exposure_by_cluster
        Contacts, and children (or months of them), one number a cluster.
    cluster_ids
        The clusters, ascending.

    Returns
    -------
    Estimate or Undefined
        Score interval of a Poisson rate, with the design effect of the clusters and Student's t. Undefined below 10
        clusters.
    """
    has_any = exposure_by_cluster > 0
    events, exposure, ids = events_by_cluster[has_any], exposure_by_cluster[has_any], cluster_ids[has_any]
    if ids.size < MIN_CLUSTERS:
        return Undefined(f"fewer than {MIN_CLUSTERS} clusters")
    below = float(exposure.sum())
    value = float(events.sum()) / below
    return _poisson((events, value * exposure), below, ids, exposed=round(below))


def rate_in_population(events_by_cluster: FloatArray, cluster_ids: IntArray, *, children: float) -> Outcome:
    """Estimate contacts per child of the population, of whom only those with a contact are in the records.

    Parameters
    ----------
    events_by_cluster, cluster_ids
        Contacts of each recorded cluster, and the clusters, ascending.
    children
        Children of the group in the population, from a table that the authority supplies; taken as exact.

    Returns
    -------
    Estimate or Undefined
        Families arrive as a Poisson process, each with as many contacts as it has. Undefined without a population.
    """
    if not children > 0:
        return Undefined("the population of the group is not known")
    if cluster_ids.size < MIN_CLUSTERS:
        return Undefined(f"fewer than {MIN_CLUSTERS} clusters")
    return _poisson((events_by_cluster, np.zeros(cluster_ids.size)), children, cluster_ids, exposed=round(children))


def _poisson(counts: tuple[FloatArray, FloatArray], below: float, ids: IntArray, *, exposed: int) -> Estimate:
    """Estimate a rate of events from events, and those expected, by cluster."""
    events, expected = counts
    total = float(events.sum())
    influence = (events - expected) / below
    plain = max(total, 1.0) / below**2
    # why: families without events are not all in the records, so a sum of squares stands for their variance
    variance = clustered_variance(influence) if expected.any() else dot(influence, influence)
    effect = max(1.0, variance / plain)
    return Estimate(
        value=total / below,
        k=round(total),
        n=exposed,
        clusters=ids.size,
        design_effect=effect,
        variance=effect * plain,
        limits=_poisson_limits(total, below, effect, ids.size - 1),
        cluster_ids=ids,
        influence=influence,
    )


def _poisson_limits(total: float, below: float, effect: float, degrees: int) -> Limits:
    """Close over the score interval of a Poisson rate: Wilson's, without an upper end."""

    def limits(level: float) -> tuple[float, float]:
        z = normal_quantile(level)
        scale = effect * (t_quantile(level, degrees) / z) ** 2
        k, n = total / scale, below / scale
        half = z * math.sqrt(k + z * z / 4)
        low = 0.0 if total <= 0 else (k + z * z / 2 - half) / n
        return max(0.0, low), (k + z * z / 2 + half) / n

    return limits


def surveillance(group: Outcome, rest: Outcome, *, most_need: float = MOST_NEED) -> Surveillance | Undefined:
    """Give the range of surveillance that a ratio of contacts leaves open.

    Parameters
    ----------
    group, rest
        Contacts per child of the group and of everyone else, as `rate_of_events` or `rate_in_population` gives them.
        Per child of the population, and contacts about children whom no service was seeing yet, are best: per child
        known, or with contacts from within a service, the ratio is too near to 1, since being known comes from being
        seen.
    most_need
        The greatest ratio of true need, either way, that is thought possible; at least 1.

    Returns
    -------
    Surveillance or Undefined
        Undefined where either rate is, or where nobody else had a contact.

    Raises
    ------
    WrongUsageError
        When `most_need` is below 1 or no number.
    """
    if not 1 <= most_need < math.inf:
        raise WrongUsageError(
            "The assumed difference in need is out of range.", hint="Give how many times the need, 1 or more."
        )
    ratio = ratio_of(group, rest)
    if isinstance(ratio, Undefined):
        return ratio
    low, high = ratio.limits(LEVEL)
    return Surveillance(ratio, ratio.value / most_need, ratio.value * most_need, low / most_need, high * most_need)


@dataclass(frozen=True)
class Followed:
    """Contacts (or referrals, or any look at a child) and whether need was found after them; one place a contact.

    Parameters
    ----------
    is_found
        Need was found after the contact.
    child, cluster
        Numbers from 0.
    band
        Number of the band of the score, or of recorded need, at the contact, from 0; None where there is none.
    """

    is_found: BoolArray
    child: IntArray
    cluster: IntArray
    band: IntArray | None = None


def hit_rates(followed: Followed, groups: Mapping[str, GroupColumn], *, measure: str = "need_found") -> list[Share]:
    """Give the share of contacts after which need was found, for everybody and each group: the outcome test.

    A lower share at an equal band suggests a lower bar for a contact in that group. It does not show one: an average
    over all contacts says little of those just above the bar.

    Parameters
    ----------
    followed
        All contacts.
    groups
        By characteristic, values and codes, one code a contact; not recorded is a group.
    measure
        Name of the measure in the report.

    Returns
    -------
    list of Share
        Beside each group `gap_to_everyone_else`, `ratio_to_everyone_else`, and with bands `ratio_at_equal_band`
        (Mantel and Haenszel).
    """
    shares = []
    for attribute, group, chosen in _choices(followed, groups):
        found, child = followed.is_found[chosen], followed.child[chosen]
        outcome = rate_of_rows(found, followed.cluster[chosen])
        shares.append(
            Share(
                attribute=attribute,
                group=group,
                measure=measure,
                children=np.unique(child).size,
                counted=np.unique(child[found]).size,
                outcome=outcome,
                beside={} if attribute is None else _compared(followed, chosen, outcome),
            )
        )
    return shares


def _choices(
    followed: Followed, groups: Mapping[str, GroupColumn]
) -> Iterator[tuple[str | None, str | None, BoolArray]]:
    """Give everybody and each group with its contacts."""
    yield None, None, np.ones(followed.is_found.size, dtype=np.bool_)
    for attribute, column in groups.items():
        for place, value in enumerate(column.values):
            yield attribute, value, column.codes == place


def _compared(followed: Followed, chosen: BoolArray, outcome: Outcome) -> dict[str, Outcome]:
    """Compare a group with everyone else, in all and at an equal band."""
    rest = rate_of_rows(followed.is_found[~chosen], followed.cluster[~chosen])
    beside = {"gap_to_everyone_else": gap_of(outcome, rest), "ratio_to_everyone_else": ratio_of(outcome, rest)}
    if followed.band is not None:
        beside["ratio_at_equal_band"] = ratio_at_equal_stage(
            followed.is_found, chosen, stage=followed.band, cluster=followed.cluster
        )
    return beside
