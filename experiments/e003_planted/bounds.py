"""Surveillance, label and measurement planted, one at a time: records cannot tell their size, and bounds hold it.

Each bound follows from a number that is in the records and from an assumption that the auditor declares. The truth is
read from the simulation, which an auditor never has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from experiments.e003_planted.authorities import over_seeds, plan, simulated
from experiments.e003_planted.model import training_plan
from features.as_of import view_as_of
from features.cohort import cohort
from features.groups import characteristics_of
from features.outcomes import outcome_after
from features.vocabulary.characteristics import ETHNIC_GROUP_OF
from training.access import WHITE
from training.audit.counts.clusters import codes_of
from training.audit.statistics.estimate import LEVEL, Estimate
from training.audit.statistics.rates_of_rows import rate_of_rows
from training.audit.trial.label_odds import true_share
from training.audit.trial.measurement import bounded, written_ratio
from training.audit.trial.surveillance import Surveillance, rate_in_population, surveillance
from training.recorded_rows import WRITTEN, assessment_rows, recording_rows
from training.registry.planned_records import load_as_planned

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from features.tables.records import Records
    from training.audit.statistics.estimate import Outcome

Bounds = tuple[float, float, float]
"""What the records have, and the bounds, with sampling error in them."""

MARKED = sorted(code for code, group in ETHNIC_GROUP_OF.items() if group not in WHITE)


def of_surveillance(records: Records) -> Bounds:
    """Bound how many times as often a child of the population is looked at, at equal need."""
    known = recording_rows(records, as_of=records.extract_day).select("child", "cluster", "ethnic_group")
    contacts = records.tables["ssd_contacts"].select(child="cont_person_id").join(known, on="child")
    people = records.tables["ext_population"]
    latest = people.filter(pl.col("popu_date") == pl.col("popu_date").max())
    rates = []
    for is_marked in (True, False):
        of_whom = contacts.drop_nulls("ethnic_group").filter(pl.col("ethnic_group").is_in(WHITE) != is_marked)
        events = np.bincount(codes_of(of_whom["cluster"])[0]).astype(np.float64)
        children = latest.filter(pl.col("popu_ethnicity").is_in(MARKED) == is_marked)["popu_children"].sum()
        # Households of the two sides do not meet: a child's brothers and sisters are of their group.
        ids = np.arange(events.size) + (0 if is_marked else 1_000_000)
        rates.append(rate_in_population(events, ids, children=float(children)))
    found = surveillance(*rates, most_need=plan()["bounded"]["most_need"])
    assert isinstance(found, Surveillance), "an authority of this size has contacts"
    return found.ratio.value, found.outer_low, found.outer_high


def of_measurement(records: Records) -> Bounds:
    """Bound how many times as often a problem that is there is written down at an assessment."""
    rows = assessment_rows(records, as_of=records.extract_day).drop_nulls("ethnic_group")
    ratio = written_ratio(rows, WRITTEN, first=~rows["ethnic_group"].is_in(WHITE).to_numpy())
    found = bounded(ratio, plan()["bounded"]["most_need"])
    assert isinstance(ratio, Estimate), "an authority of this size has assessments"
    return ratio.value, found.low_limit, found.high_limit


def of_label(records: Records) -> Bounds:
    """Bound the share who would escalate if need were found as readily among marked children as among others."""
    share = _escalated(records)
    assert isinstance(share, Estimate), "an authority of this size has marked children"
    return share.value, *true_share(share.limits(LEVEL), most=plan()["bounded"]["most_odds"])


def _escalated(records: Records) -> Outcome:
    """Give the share of the marked children on the list of the day who escalated within the horizon."""
    rule, as_of = training_plan(), plan()["authorities"]["as_of"]
    view = view_as_of(records, as_of=as_of)
    listed = cohort(view, rule.cohort)
    happened = outcome_after(records, listed, as_of=as_of, known_on=records.extract_day, rule=rule.outcome)
    groups = characteristics_of(view, listed["child_id"]).select("child_id", "ethnic_group")
    marked = (
        listed.join(happened, on="child_id")
        .join(groups, on="child_id")
        .filter(pl.col("outcome").is_not_null(), pl.col("ethnic_group").is_in(WHITE).not_())
    )
    cluster = codes_of(marked.select(pl.coalesce("family_id", "child_id")).to_series())[0]
    return rate_of_rows(marked["outcome"].cast(pl.Boolean).to_numpy(), cluster)


BOUNDS: dict[str, Callable[[Records], Bounds]] = {
    "surveillance": of_surveillance,
    "label": of_label,
    "measurement": of_measurement,
}
"""By what is planted."""


def bounds_in(asked: tuple[str, int]) -> dict[str, Any]:
    """Plant one thing in one authority, bound it, and look the truth up."""
    kind, seed = asked
    of, rule = plan()["bounded"], training_plan()
    with simulated(children=of["children"], seed=seed, planted={kind: of["sizes"][kind]}) as place:
        value, low, high = BOUNDS[kind](load_as_planned(str(place / "records"), rule.records))
    truth = of["sizes"][kind] if kind != "label" else _true_share(seed)
    return {
        "kind": kind,
        "seed": seed,
        "in_the_records": value,
        "low": low,
        "high": high,
        "truth": truth,
        "holds": low <= truth <= high,
    }


def _true_share(seed: int) -> float:
    """Give the mean true chance of marked children on the day, in the same authority with nothing planted."""
    of = plan()["bounded"]
    with simulated(children=of["children"], seed=seed) as place:
        return _mean_chance(place)


def _mean_chance(place: Path) -> float:
    told = pl.read_parquet(place / "truth" / "chances.parquet")
    people = pl.read_parquet(place / "truth" / "people.parquet").filter("is_marked")
    of_day = told.filter(
        pl.col("outcome") == "escalation",
        pl.col("as_of") == plan()["authorities"]["as_of"],
        pl.col("child_id").is_in(people["child_id"].implode()),
    )
    return float(of_day["chance"].to_numpy().mean())


def run(*, processes: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Bound each of the three in each of the plan's authorities."""
    of = plan()["bounded"]
    asked = [(kind, seed) for kind in BOUNDS for seed in of["seeds"]]
    say(f"bounds: {len(asked)} authorities of {of['children']:,} children")
    each = over_seeds(bounds_in, asked, processes=processes, say=say)
    return {"assumed": {name: of[name] for name in ("most_need", "most_odds")}, "each": each}
