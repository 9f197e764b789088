"""Access to help, from records to a finished audit: who is known, listed, offered help, and what came of it.

Three paths, each with its own denominators: all children of the authority (who is known at all), children on a day (who
could be scored, who stood near the top, who was offered help then), and requests (who, once somebody asked, was offered
help, took it up, completed it). Everything counted leaves through `training.audit.practice.access`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from features.vocabulary.errors import WrongUsageError
from training.access_children import children_on, everybody_on
from training.access_people import DEPRIVATION, NEED
from training.access_rows import look, requests_between
from training.audit.counts.clusters import codes_of
from training.audit.disclosure.figures import SUPPRESSED
from training.audit.practice.access import access_entries
from training.audit.practice.access_path import AccessSettings, Step
from training.audit.practice.standardise import alike, expected, share_of
from training.audit.statistics.ratios import ratio_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from features.cohort import CohortRule
    from features.tables.records import Records
    from training.access_rows import Seen
    from training.audit.settings import Disclosure
    from training.audit.statistics.estimate import Outcome

SCHEMA_VERSION = 1
"""Of `access.json`, as `training/audit/access.schema.json` describes it."""

PRIMARY: tuple[str, ...] = ("ethnic_group", "sex", "disability")
"""Characteristics of the primary family. Age bands are looked at for safety: young children are not all alike."""
GROUPS: tuple[str, ...] = (*PRIMARY, "age_band")
OF_POPULATION: tuple[str, ...] = ("ethnic_group", "sex", "age_band")
"""What the table of the population tells of children."""

WHITE: tuple[str, ...] = ("White British", "White other")

ASKED: tuple[Step, ...] = (
    Step("referred", "were referred on to social care", "practice"),
    Step("offered", "were offered early help, not having been referred on", "practice", after="referred"),
    Step("prompt", "had help begin within 30 days of the offer", "practice", after="offered"),
    Step("taken_up", "had help begin within 180 days of the offer", "practice", after="offered", days="days_to_help"),
    Step("completed", "completed the help as agreed within a year", "practice", after="taken_up"),
    Step("stepped_down", "needed nothing more intensive in the half year after", "practice", after="completed"),
)
KNOWN: tuple[Step, ...] = (Step("known", "were known to services", "data"),)
LISTED: tuple[Step, ...] = (Step("in_cohort", "could have been scored", "data"),)
SCORED: tuple[Step, ...] = (
    *LISTED,
    Step("scored", "were scored", "data", after="in_cohort"),
    Step("near_top", "stood near the top of the list", "model", after="scored"),
    Step("offered_near_top", "near the top, were offered help", "practice", after="near_top"),
    Step("offered_elsewhere", "further down, were offered help", "practice", after="near_top"),
)


@dataclass(frozen=True)
class Asked:
    """What to look at.

    Parameters
    ----------
    first, last
        The period, both days in it. What came of a request is followed to the end of the records.
    disclosure
        Who will read it.
    reference
        By characteristic, the group that others are held against beside everyone else.
    rule
        Who could have been scored on the first day; None: that path is left out.
    scores
        Scores of the first day, as `earlyhelp score` writes them; None: none are looked at.
    """

    first: date
    last: date
    disclosure: Disclosure = "internal"
    reference: Mapping[str, str] = field(default_factory=dict)
    rule: CohortRule | None = None
    scores: pl.DataFrame | None = None


def access_of(records: Records, asked: Asked) -> dict[str, Any]:
    """Look at access to help.

    Parameters
    ----------
    records
        Validated records.
    asked
        What to look at.

    Returns
    -------
    dict
        The content of `access.json`: `schema_version`, `settings` and `paths`; small numbers already withheld.

    Raises
    ------
    WrongUsageError
        When the period or the reference does not fit, or the records lack contacts, referrals or early help.
    """
    unknown = sorted(set(asked.reference) - set(GROUPS))
    if unknown or (asked.scores is not None and asked.rule is None):
        raise WrongUsageError(
            f"A reference names one of {', '.join(GROUPS)}; scores need the plan they were made by.",
            hint="Write --reference sex=female, and give --plan beside --scores.",
        )
    seen = look(records)
    found = [
        _of_everybody(records, seen, asked),
        _of_children(records, seen, asked),
        _of_requests(records, seen, asked),
    ]
    return {
        "schema_version": SCHEMA_VERSION,
        "settings": {
            "from": asked.first.isoformat(),
            "until": asked.last.isoformat(),
            "records_end": records.extract_day.isoformat(),
            "disclosure": asked.disclosure,
            "groups": list(GROUPS),
            "primary": list(PRIMARY),
            "reference": dict(asked.reference),
            "need": list(NEED),
            "deprivation": DEPRIVATION,
        },
        "paths": [path for path in found if path is not None],
    }


def _settings(asked: Asked, steps: tuple[Step, ...], **other: Any) -> AccessSettings:
    usual = {"groups": GROUPS, "need": NEED, "main": ("", ())} | other
    reference = {name: value for name, value in asked.reference.items() if name in usual["groups"]}
    return AccessSettings(
        steps=steps, deprivation=DEPRIVATION, reference=reference, disclosure=asked.disclosure, **usual
    )


def _path(name: str, steps: tuple[Step, ...], entries: list[dict[str, Any]]) -> dict[str, Any]:
    told = [{"name": step.name, "words": step.words, "origin": step.origin} for step in steps]
    return {"name": name, "steps": told, "entries": entries}


def _of_everybody(records: Records, seen: Seen, asked: Asked) -> dict[str, Any] | None:
    rows = everybody_on(records, seen, first=asked.first, last=asked.last)
    if rows is None:
        return None
    entries = access_entries(rows, _settings(asked, KNOWN, groups=OF_POPULATION, need=(), compares_missing=False))
    return _path("everybody", KNOWN, [_without_missing(entry) for entry in entries])


def _without_missing(entry: dict[str, Any]) -> dict[str, Any]:
    """Say that there is no share of whose characteristic is not recorded: a population counts nobody so."""
    if entry["attribute"] is None or entry["group"] is not None or entry["share"] == SUPPRESSED:
        return entry
    none = {"undefined": "the population is counted by characteristic, and has no children without one"}
    return entry | {"share": none, "everyone_else": None, "reference": None}


def _of_children(records: Records, seen: Seen, asked: Asked) -> dict[str, Any] | None:
    if asked.rule is None:
        return None
    rows = children_on(records, seen, first=asked.first, last=asked.last, rule=asked.rule, scores=asked.scores)
    steps = LISTED if asked.scores is None else SCORED
    return _path("children", steps, access_entries(rows, _settings(asked, steps, rung="rung")))


def _of_requests(records: Records, seen: Seen, asked: Asked) -> dict[str, Any]:
    rows = requests_between(records, seen, first=asked.first, last=asked.last)
    return _path("requests", ASKED, access_entries(rows, _settings(asked, ASKED, main=("offered", PRIMARY))))


def offer_ratio(rows: pl.DataFrame, *, unmarked: tuple[str, ...] = WHITE) -> dict[str, Outcome]:
    """Estimate how many times as often help is offered to children of some ethnic groups as to the others.

    Parameters
    ----------
    rows
        As `training.access_rows.requests_between` gives them.
    unmarked
        The others. Children whose ethnicity is not recorded are on neither side.

    Returns
    -------
    dict
        The ratio by column: `raw`, `age`, and `need` (age, recorded need and deprivation).
    """
    open_to = rows.filter(pl.col("offered").is_not_null() & pl.col("ethnic_group").is_not_null())
    offered = open_to["offered"].cast(pl.Float64).to_numpy()
    cluster, _ = codes_of(open_to["cluster"])
    others = open_to["ethnic_group"].is_in(unmarked).to_numpy()
    observed = share_of(offered, cluster, ~others)
    found = {"raw": ratio_of(observed, share_of(offered, cluster, others))}
    for column, equal in (("age", ("age",)), ("need", ("age", *NEED, DEPRIVATION))):
        wanted = expected(offered, alike(open_to, equal), cluster, group=np.logical_not(others), others=others)
        found[column] = ratio_of(observed, wanted)
    return found
