"""Who is looked at: contacts per child by group, what they leave open, and how often need was found after one.

A ratio of contacts is a mixture of need and of looking, and stays one: only bounds can be given, and the assumption
that they rest on is printed beside them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from training.audit.counts.clusters import codes_of
from training.audit.disclosure.figures import SUPPRESSED
from training.audit.disclosure.shares import Share, shown_shares
from training.audit.disclosure.shares_of_rows import rows_with, share_of_rows, values_of
from training.audit.intake import GroupColumn
from training.audit.statistics.estimate import Undefined
from training.audit.statistics.ratios import ratio_of
from training.audit.trial.measurement import scaled
from training.audit.trial.surveillance import (
    MOST_NEED,
    WHAT_A_HIT_RATE_CANNOT_TELL,
    WHAT_IT_CANNOT_TELL,
    Followed,
    hit_rates,
    rate_in_population,
    rate_of_events,
)
from training.recorded_rows import CHARACTERISTIC_NAMES
from training.trial_rows import FOUND_WITHIN_DAYS, LOOKED_BACK_DAYS, events_by_cluster

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from training.audit.settings import Disclosure
    from training.audit.statistics.estimate import BoolArray, Outcome
    from training.trial_rows import Looked

NO_CONTACTS = "The records hold no contacts, so nobody can say from them who was looked at."
NO_POPULATION = (
    "The records hold no table of the population (ext_population): contacts are counted per child known alone, and "
    "being known comes from being looked at, so that these ratios lie too near to 1."
)
COMPARED = ("ratio", "looking_at_least", "looking_at_most")
"""What stands beside a rate of contacts."""

NO_OTHERS = "the population is counted by characteristic, and has no children without one"


def looking_section(found: Looked | None, disclosure: Disclosure) -> dict[str, Any]:
    """Say how often children are looked at, per child known and per child who lives there, and what is found then.

    Parameters
    ----------
    found
        As `training.trial_rows.looked_at` gives it.
    disclosure
        Who will read it.

    Returns
    -------
    dict
        `known`, `population` and `hit_rates` (lists of `shown_shares`; in the first two the share is contacts per
        child, which may be above 1), `most_need`, `days`, `found_within_days`, `words` and `not_looked_at`.
    """
    words = [WHAT_IT_CANNOT_TELL, WHAT_A_HIT_RATE_CANNOT_TELL]
    usual = {"most_need": MOST_NEED, "days": LOOKED_BACK_DAYS, "found_within_days": FOUND_WITHIN_DAYS, "words": words}
    if found is None:
        return {"known": [], "population": [], "hit_rates": [], **usual, "not_looked_at": [NO_CONTACTS]}
    rows = found.contacts
    followed = Followed(
        is_found=rows["is_found"].to_numpy(),
        child=codes_of(rows["child_id"])[0],
        cluster=codes_of(rows["cluster"])[0],
        band=rows["band"].to_numpy(),
    )
    groups = {name: _column(rows[name]) for name in CHARACTERISTIC_NAMES}
    return {
        "known": shown_shares(_contacts_per_child(found.children), disclosure),
        "population": _in_population(found, disclosure),
        "hit_rates": shown_shares(hit_rates(followed, groups), disclosure),
        **usual,
        "not_looked_at": [] if found.population else [NO_POPULATION],
    }


def _column(values: pl.Series) -> GroupColumn:
    names = values_of(values)
    codes = np.zeros(values.len(), np.int64)
    for place, name in enumerate(names):
        codes[rows_with(values, name)] = place
    return GroupColumn(tuple(names), codes)


def _contacts_per_child(children: pl.DataFrame) -> list[Share]:
    """Give contacts per child known, with how much more looking they leave open."""
    cluster, contacts = codes_of(children["cluster"])[0], children["contacts"].to_numpy().astype(np.float64)
    found = []
    for name, value, chosen in _choices(children):
        rate, rest = (rate_of_events(*events_by_cluster(cluster[of], contacts[of])) for of in (chosen, ~chosen))
        called = (name, value, "contacts per child known")
        counted = share_of_rows(called, contacts > 0, is_chosen=chosen, cluster=cluster)
        found.append(replace(counted, outcome=rate, beside={} if name is None else _left_open(rate, rest)))
    return found


def _in_population(found: Looked, disclosure: Disclosure) -> list[dict[str, Any]]:
    """Show contacts per child who lives in the authority, by what its table counts children by."""
    shown = []
    for attribute in found.population:
        lines = shown_shares(_contacts_in_population(found, attribute), disclosure)
        # why: everyone else is who is recorded, so that a comparison gives back how many are not
        if any(line["attribute"] and line["group"] is None and line["share"] == SUPPRESSED for line in lines):
            lines = [
                {name: dict(SUPPRESSED) if name in COMPARED else part for name, part in line.items()} for line in lines
            ]
        shown += lines
    return shown


def _contacts_in_population(found: Looked, attribute: str) -> list[Share]:
    """Give contacts per child of the population; everyone else are the recorded children of other groups."""
    children, counted = found.children.filter(found.children["contacts"] > 0), found.population[attribute]
    cluster, contacts = codes_of(children["cluster"])[0], children["contacts"].to_numpy().astype(np.float64)
    is_recorded, everybody = children[attribute].is_not_null().to_numpy(), sum(counted.values())

    def rate_of(chosen: BoolArray, living: float) -> Outcome:
        events, _, ids = events_by_cluster(cluster[chosen], contacts[chosen])
        return rate_in_population(events, ids, children=living)

    shares = []
    for name, value, chosen in _choices(children, only=attribute):
        seen, living = int(chosen.sum()), everybody if name is None else counted.get(value or "", 0.0)
        is_missing = name is not None and value is None
        rate = Undefined(NO_OTHERS) if is_missing else rate_of(chosen, living)
        compares = name is not None and not is_missing
        beside = _left_open(rate, rate_of(is_recorded & ~chosen, everybody - living)) if compares else {}
        measure = f"contacts per child of the population, by {attribute}"
        shares.append(Share(name, value, measure, max(round(living), seen), seen, rate, beside))
    return shares


def _choices(rows: pl.DataFrame, *, only: str | None = None) -> Iterator[tuple[str | None, str | None, BoolArray]]:
    """Give everybody and each group with its rows."""
    yield None, None, np.ones(rows.height, dtype=np.bool_)
    for name in CHARACTERISTIC_NAMES if only is None else (only,):
        for value in values_of(rows[name]):
            yield name, value, rows_with(rows[name], value)


def _left_open(rate: Outcome, rest: Outcome) -> dict[str, Outcome]:
    """Give the ratio to everyone else, and how much more looking it leaves open if need differs by `MOST_NEED`."""
    ratio = ratio_of(rate, rest)
    return dict(zip(COMPARED, (ratio, scaled(ratio, 1 / MOST_NEED), scaled(ratio, MOST_NEED)), strict=True))
