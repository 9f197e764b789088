"""People in the loop: how often they decide as the score alone would, by group and by role, and where they move a gap.

An override is counted, never policed: it may be the better decision, and the score does not know what the worker knows.
No worker is named here, and a role is seen only as a group of decisions. This file knows a table of decisions; it knows
no log and no model.

References
----------
Cheng et al. (2022), CHI, on screening calls in Allegheny County: the score alone would have screened in at rates 20
percentage points apart between two groups of children; the workers' decisions stood 9 apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from features.vocabulary.errors import UnusableRecordsError, WrongUsageError
from training.audit.counts.clusters import codes_of, join
from training.audit.disclosure.shares import Share, shown_shares
from training.audit.practice.decisions_counted import (
    AFTERWARDS,
    BY_REASON,
    COLUMNS,
    COMPARED,
    DECIDED,
    DECISIONS,
    LIMITS,
    NEAR,
    OFFERED,
    REASONS,
    ROLE,
    SETTLED,
    WORDS,
    Counting,
)
from training.audit.statistics.estimate import Estimate, Outcome, Undefined
from training.audit.statistics.intervals import clustered_variance, difference, rate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from training.audit.settings import Disclosure


def people_in_the_loop(
    table: pl.DataFrame, characteristics: Sequence[str], *, disclosure: Disclosure = "internal"
) -> dict[str, Any]:
    """Count how people's decisions stand to what the score alone would have done.

    Every decision is one of four: as the score alone (help near the top, no further action elsewhere), help though not
    near the top, no further action though near the top, or a request for more information, which is neither.

    Parameters
    ----------
    table
        One row a child and day of a list, with the last decision on it: `child`, `cluster` (may be missing), `role`,
        `is_near_top` (whether the score alone would have offered, in the places there are), `decision` (one of
        `DECISIONS`; missing when nobody decided), `reason`, `escalated` (0, 1; missing when not yet known), and the
        characteristics as text, missing where not recorded.
    characteristics
        Columns by which groups are made.
    disclosure
        Who will read it.

    Returns
    -------
    dict
        `stated` (sentences), `words` (by measure), `shares`, `override_reasons` and `afterwards`, each a list as
        `shares.shown_shares` gives it; empty where `stated` says why. Within the authority a group of
        which nobody is in a denominator has no line there. Beside the shares `near_the_top`
        and `offered` of a group stands its `gap` to everyone else, with the group's own counts; beside `offered` also
        `gap_beyond_the_score`, whose interval knows that both shares are of the same children.

    Raises
    ------
    WrongUsageError
        For a column that does not exist.
    UnusableRecordsError
        For decisions that are none of `DECISIONS`, or rows that do not say who is near the top; with counts.
    """
    _check(table, characteristics)
    typed = table.with_columns(pl.col("is_near_top").cast(pl.Boolean), pl.col("escalated").cast(pl.Int8))
    rows = with_clusters(typed)
    decided, who = rows.filter(pl.col("decision").is_not_null()), tuple(characteristics)
    seen = decided.filter(pl.col("escalated").is_not_null())
    shares = shares_by_group(rows, "decided", DECIDED, who) if rows.height else []
    if decided.height:
        for name, counting in SETTLED.items():
            shares += shares_by_group(rows, name, counting, who)
            shares += shares_by_group(decided, name, counting, (ROLE,))[1:]
        shares += [each for name in COMPARED for each in _compared(rows, name, who)]
    reasons = shares_by_group(decided, REASONS, BY_REASON, ("reason",)) if decided.height else []
    after = (
        [each for name in AFTERWARDS for each in shares_by_group(rows, name, AFTERWARDS[name], who)]
        if seen.height
        else []
    )
    return {
        "stated": _stated(rows, decided, seen),
        "words": dict(WORDS),
        "shares": _shown(shares, disclosure),
        "override_reasons": _shown(reasons, disclosure),
        "afterwards": _shown(after, disclosure),
    }


def _shown(shares: Sequence[Share], disclosure: Disclosure) -> list[dict[str, Any]]:
    """Give shares as they may be shown; in print a group with nobody stays, since who is missing would tell a count."""
    return shown_shares([each for each in shares if each.children or disclosure == "published"], disclosure)


def _check(table: pl.DataFrame, characteristics: Sequence[str]) -> None:
    """Refuse a table that does not say what it must."""
    missing = [name for name in (*COLUMNS, *characteristics) if name not in table.columns]
    taken = [name for name in characteristics if name in COLUMNS]
    if missing or taken:
        named = ", ".join(map(repr, missing or taken))
        raise WrongUsageError(
            f"The table of decisions {'has no column' if missing else 'cannot be grouped by'} {named}.",
            hint=f"It needs {', '.join(COLUMNS)}, and the characteristics beside them.",
        )
    strangers = table.filter(pl.col("decision").is_not_null() & ~pl.col("decision").is_in(DECISIONS)).height
    unplaced = table["is_near_top"].null_count()
    if strangers or unplaced:
        raise UnusableRecordsError(
            f"Of {table.height} decisions {strangers} have a code that is not known, and {unplaced} do not say whether "
            "the child was near the top.",
            hint=f"Decisions are {', '.join(DECISIONS)}.",
        )


def with_clusters(table: pl.DataFrame) -> pl.DataFrame:
    """Put in place of `cluster`, a household or missing, the number of what joins `child` and it over the table."""
    child, household = codes_of(table["child"])[0], codes_of(table["cluster"])[0]
    of_row = join(child, household)[0] if table.height else child
    return table.with_columns(pl.Series("cluster", of_row, dtype=pl.Int64))


def shares_by_group(rows: pl.DataFrame, measure: str, counting: Counting, attributes: Sequence[str]) -> list[Share]:
    """Count a share for everybody and each group of each attribute, also one with nobody in the denominator.

    Parameters
    ----------
    rows
        With `child` and, from `with_clusters`, `cluster`; each attribute as text, missing where not recorded.
    measure
        The name it will have.
    counting
        What is counted among which rows.
    attributes
        Columns by which groups are made.

    Returns
    -------
    list of Share
        Everybody first, then by attribute the groups in sorted order, what is not recorded last.
    """
    asked = rows.filter(counting.among)
    found = [_share(asked, (None, None, measure), counting)]
    for attribute in attributes:
        for group in _groups(rows, attribute):
            inside = asked.filter(pl.col(attribute).eq_missing(pl.lit(group, pl.String)))
            found.append(_share(inside, (attribute, group, measure), counting))
    return found


def _groups(rows: pl.DataFrame, attribute: str) -> list[str | None]:
    """Give a column's values, sorted, missing last."""
    return rows[attribute].unique().sort(nulls_last=True).to_list()


def _share(rows: pl.DataFrame, name: tuple[str | None, str | None, str], counting: Counting) -> Share:
    return Share(*name, rows["child"].n_unique(), _children(rows, counting.counted), _rate(rows, counting.counted))


def _compared(rows: pl.DataFrame, measure: str, attributes: Sequence[str]) -> list[Share]:
    """Count what the score alone would have done, or what people did, with each group's gaps to everyone else.

    Two shares and the difference between them give each other away: both are shown or withheld by the smallest number
    of children in either, or in what is left of either.
    """
    asked = rows.filter(COMPARED[measure].among)
    found = [_share_beside(asked, (None, None, measure), {})]
    for attribute in attributes:
        for group in _groups(rows, attribute):
            is_inside = pl.col(attribute).eq_missing(pl.lit(group, pl.String))
            inside, others = asked.filter(is_inside), asked.filter(~is_inside)
            found.append(_share_beside(inside, (attribute, group, measure), _gaps(inside, others, measure)))
    return found


def _share_beside(rows: pl.DataFrame, name: tuple[str | None, str | None, str], beside: Mapping[str, Outcome]) -> Share:
    smallest = min(_children(rows, side) for each in COMPARED.values() for side in (each.counted, ~each.counted))
    return Share(*name, rows["child"].n_unique(), smallest, _rate(rows, COMPARED[name[2]].counted), beside)


def _gaps(inside: pl.DataFrame, others: pl.DataFrame, measure: str) -> dict[str, Outcome]:
    """Give a group's gap to everyone else and, of what people did, how far it differs from the score's."""
    score = [_rate(rows, COMPARED[NEAR].counted) for rows in (inside, others)]
    people = [_rate(rows, COMPARED[OFFERED].counted) for rows in (inside, others)]
    if measure == NEAR:
        return {"gap": less(*score)}
    moved = [less(did, alone) for did, alone in zip(people, score, strict=True)]
    return {"gap": less(*people), "gap_beyond_the_score": less(*moved)}


def _children(rows: pl.DataFrame, counted: pl.Expr) -> int:
    return rows.filter(counted)["child"].n_unique()


def _rate(rows: pl.DataFrame, counted: pl.Expr) -> Outcome:
    """Estimate the share of rows that are counted, by cluster."""
    by_cluster = (
        rows.group_by("cluster").agg(counted.cast(pl.Float64).sum().alias("k"), pl.len().alias("n")).sort("cluster")
    )
    return rate(
        by_cluster["k"].to_numpy(), by_cluster["n"].cast(pl.Float64).to_numpy(), by_cluster["cluster"].to_numpy()
    )


def less(first: Outcome, second: Outcome) -> Outcome:
    """Take one estimate from another that may come from the same clusters, or the same rows.

    Parameters
    ----------
    first, second
        Rates, or what this function gave.

    Returns
    -------
    Estimate or Undefined
        With the first's counts; its interval adds the two as errors add that may go together (Zou and Donner 2008).
    """
    if isinstance(first, Undefined) or isinstance(second, Undefined):
        return first if isinstance(first, Undefined) else Undefined("there is nobody else, or too few, to compare with")
    ids, place = np.unique(np.concatenate([first.cluster_ids, second.cluster_ids]), return_inverse=True)
    both = np.concatenate([first.influence, -second.influence])
    influence = np.bincount(place, weights=both, minlength=ids.size).astype(np.float64)
    return Estimate(
        value=first.value - second.value,
        k=first.k,
        n=first.n,
        clusters=first.clusters,
        design_effect=1.0,
        variance=clustered_variance(influence),
        limits=lambda level: difference(first, second, level)[1:],
        cluster_ids=ids,
        influence=influence,
    )


def _stated(rows: pl.DataFrame, decided: pl.DataFrame, seen: pl.DataFrame) -> list[str]:
    """Say what the figures do not tell, or why there are none."""
    if rows.height == 0:
        return ["No score has been shown to anybody yet, so there is no decision to look at."]
    if decided.height == 0:
        return ["Scores were shown, and no decision on them is in the log yet."]
    return [LIMITS] + ([] if seen.height else ["What happened after these decisions is not known yet for anybody."])
