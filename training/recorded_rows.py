"""From records to the tables that ask how well children are recorded: one row a child, or a home, or an assessment.

Siblings serve here to *watch* the recording: a child whose brother's ethnic group is on record belongs to a family of
that group, and families can be compared. Nothing of a sibling is ever written for a child, in these tables or in any
other. The audit that reads the tables knows neither records nor families.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import polars as pl

from features.as_of import view_as_of
from features.families import family_of, members
from features.groups import characteristics_of
from features.homes import MOST_FAMILIES_AT_HOME, MOST_IN_TWO_YEARS
from features.indicators.catalogue import CATALOGUE
from features.indicators.matrix import matrix_as_of
from features.rungs import spans_of_rungs
from features.vocabulary.characteristics import CHARACTERISTICS, NEVER_SCORED_FACTORS
from features.vocabulary.codes import codelist
from features.vocabulary.status import LADDER
from training.audit.trial.measurement import MeasurementColumns
from training.audit.trial.proxies import ProxyColumns
from training.audit.trial.recording import RecordingColumns

if TYPE_CHECKING:
    from datetime import date

    from features.as_of import Known, View
    from features.cohort import CohortRule
    from features.engines.engine import Frame

CLUSTER = "cluster"
"""The family, as in `training.splits`; a child without one is a cluster of one."""

OF_SIBLINGS = "ethnic_group_of_siblings"
"""The one ethnic group on record for a child's brothers and sisters; missing where none is, or more than one."""

CHARACTERISTIC_NAMES = tuple(one.name for one in CHARACTERISTICS)

RECORDED = RecordingColumns(
    characteristics=CHARACTERISTIC_NAMES,
    cluster=CLUSTER,
    compared="ethnic_group",
    known_by=OF_SIBLINGS,
)
"""How `training.audit.trial.recording` reads `recording_rows`."""

PROXIES = ProxyColumns(
    characteristics=CHARACTERISTIC_NAMES,
    numbers=tuple(one.name for one in CATALOGUE),
    cluster=CLUSTER,
    always={one.name: one.not_scored for one in CATALOGUE if one.not_scored},
)
"""How `training.audit.trial.proxies` reads `proxy_rows`: what is kept out of models is printed whatever it tells."""

HOMES = ProxyColumns(characteristics=("ethnic_group",), categories=("sector",), cluster=CLUSTER)
"""How `training.audit.trial.proxies` reads `home_rows`."""

# Not those that stand for nationality, status, ethnicity or religion, for they differ by nature; nor "none found".
_FACTORS = tuple(sorted(codelist("assessment_factor").keys() - NEVER_SCORED_FACTORS - {"21"}))
FACTORS_WRITTEN = tuple(f"factor {code}" for code in _FACTORS)

WRITTEN = MeasurementColumns(
    characteristics=CHARACTERISTIC_NAMES, indicators=FACTORS_WRITTEN, child="child", cluster=CLUSTER
)
"""How `training.audit.trial.measurement` reads `assessment_rows`."""

MEASURED = MeasurementColumns(
    characteristics=CHARACTERISTIC_NAMES,
    indicators=PROXIES.numbers,
    written=tuple(one.name for one in CATALOGUE if one.unit in ("flag", "count")),
    cluster=CLUSTER,
)
"""How `training.audit.trial.measurement` reads `proxy_rows`."""

NO_HELP_YET = "no help on record"

# Whoever has a row in one of these is known to services; the team is that of the latest row that names one.
_EVENTS: tuple[tuple[str, str, str, str | None], ...] = (
    ("ssd_contacts", "cont_person_id", "cont_contact_date_day", None),
    ("ssd_early_help_episodes", "earl_person_id", "earl_episode_start_date_day", None),
    ("ssd_cin_episodes", "cine_person_id", "cine_referral_date_day", "cine_referral_team"),
    ("ssd_cin_assessments", "cina_person_id", "cina_assessment_start_date_day", "cina_assessment_team"),
    ("ssd_cin_plans", "cinp_person_id", "cinp_cin_plan_start_date_day", "cinp_cin_plan_team"),
    ("ssd_s47_enquiry", "s47e_person_id", "s47e_s47_start_date_day", "s47e_s47_completed_by_team"),
    ("ssd_initial_cp_conference", "icpc_person_id", "icpc_icpc_date_day", "icpc_icpc_team"),
    ("ssd_cp_plans", "cppl_person_id", "cppl_cp_plan_start_date_day", None),
    ("ssd_cla_episodes", "clae_person_id", "clae_cla_episode_start_date_day", None),
    ("ssd_involvements", "invo_person_id", "invo_involvement_start_date_day", "invo_professional_team"),
)


def recording_rows(records: Known, *, as_of: date) -> pl.DataFrame:
    """Give every child whom services knew by a day, with what is recorded of who they are.

    Parameters
    ----------
    records
        Validated records of one authority. Ethnic group and sex count as extracted: they have no day.
    as_of
        The day; it decides who was known, stages and teams.

    Returns
    -------
    DataFrame
        `child`, `cluster`, `ethnic_group`, `sex`, `age_band`, `disability`, `team` (of the latest event that names
        one), `stage` (the highest rung ever held by then), `year` (of the first event) and `ethnic_group_of_siblings`;
        text, missing where not known; sorted by `child`.
    """
    view = view_as_of(records, as_of=as_of)
    known = _first_and_team(view)
    groups = characteristics_of(view, known["child"]).rename({"child_id": "child"})
    rows = (
        known.join(groups, on="child", how="left")
        .join(_cluster_of(view), on="child", how="left")
        .join(_stage_of(view), on="child", how="left")
        .join(_of_siblings(view, groups), on="child", how="left")
    )
    order = ("child", CLUSTER, "ethnic_group", "sex", "age_band", "disability", "team", "stage", "year", OF_SIBLINGS)
    return (
        rows.with_columns(pl.col(CLUSTER).fill_null(pl.col("child")), pl.col("stage").fill_null(NO_HELP_YET))
        .select(order)
        .sort("child")
    )


def proxy_rows(records: Known, *, as_of: date, rule: CohortRule) -> pl.DataFrame:
    """Give the children who could be scored on a day, with every indicator and every characteristic beside it.

    For the audit alone: no model may read this table.

    Returns
    -------
    DataFrame
        `child`, `cluster`, `stage` (the highest rung ever held), the characteristics as text, then the indicators of
        the catalogue, those that are not scored too; sorted by `child`.
    """
    matrix, _ = matrix_as_of(records, as_of=as_of, rule=rule)
    view = view_as_of(records, as_of=as_of)
    groups = characteristics_of(view, matrix["child_id"])
    rows = matrix.rename({"child_id": "child"}).with_columns(pl.coalesce("family_id", "child").alias(CLUSTER))
    return (
        rows.join(groups.rename({"child_id": "child"}), on="child", how="left")
        .join(_stage_of(view), on="child", how="left")
        .with_columns(pl.col("stage").fill_null(NO_HELP_YET))
        .select("child", CLUSTER, "stage", *CHARACTERISTIC_NAMES, *PROXIES.numbers)
        .sort("child")
    )


def assessment_rows(records: Known, *, as_of: date) -> pl.DataFrame:
    """Give every assessment whose factors were known on a day, with which of them were written.

    Returns
    -------
    DataFrame
        `child`, `cluster`, `stage` (the highest rung that the child ever held), the characteristics as text, then
        `FACTORS_WRITTEN`: 1 where the factor is written, 0 where not, missing where the factors could not be read.
        Sorted. Empty where the source has no factors.
    """
    view = view_as_of(records, as_of=as_of)
    order = ("child", CLUSTER, "stage", *CHARACTERISTIC_NAMES, *FACTORS_WRITTEN)
    if "ssd_assessment_factors" not in view.tables:
        texts = dict.fromkeys(order[: -len(FACTORS_WRITTEN)], pl.String)
        return pl.DataFrame(schema=texts | dict.fromkeys(FACTORS_WRITTEN, pl.Int8))
    written = nw.col("cinf_assessment_factors_json")
    flags = [written.str.contains(f"|{code}|", literal=True).cast(nw.Int8).alias(_flag(code)) for code in _FACTORS]
    of = view.tables["ssd_assessment_factors"].select(nw.col("cinf_person_id").alias("child"), *flags)
    rows = _collected(of).drop_nulls("child")
    groups = characteristics_of(view, rows["child"].unique()).rename({"child_id": "child"})
    return (
        rows.join(groups, on="child", how="left")
        .join(_cluster_of(view), on="child", how="left")
        .join(_stage_of(view), on="child", how="left")
        .with_columns(pl.col(CLUSTER).fill_null(pl.col("child")), pl.col("stage").fill_null(NO_HELP_YET))
        .select(order)
        .sort(pl.all())
    )


def _flag(code: str) -> str:
    return f"factor {code}"


def home_rows(records: Known, *, as_of: date) -> pl.DataFrame:
    """Give every home of every family that was known on a day, one row a home: one home, one vote.

    Parameters
    ----------
    records
        Validated records of one authority.
    as_of
        The day; homes that were left by then count too.

    Returns
    -------
    DataFrame
        `cluster` (the family), `sector` (the postcode without its last two letters), `district`, `ethnic_group` (the
        one on record for the family's children, missing where none is or more than one); sorted. Empty where the source
        has no addresses. A postcode tells some fifteen homes apart from others: these rows are for counting alone.
    """
    view = view_as_of(records, as_of=as_of)
    if "ssd_address" not in view.tables:
        return pl.DataFrame(schema=dict.fromkeys((CLUSTER, "sector", "district", "ethnic_group"), pl.String))
    columns = {"child": "addr_person_id", "place": "addr_address_json", "postcode": "addr_address_postcode"}
    spans = view.tables["ssd_address"].select(*(nw.col(column).alias(name) for name, column in columns.items()))
    lived = _collected(spans).drop_nulls(["child", "postcode"]).join(_cluster_of(view), on="child", how="left")
    lived = _at_home(lived.with_columns(pl.col(CLUSTER).fill_null(pl.col("child"))))
    homes = lived.select(CLUSTER, "postcode").unique().join(_group_of_family(view, lived), on=CLUSTER, how="left")
    sector, district = pl.col("postcode").str.head(-2), pl.col("postcode").str.head(-3)
    return homes.select(CLUSTER, sector=sector, district=district, ethnic_group="ethnic_group").sort(pl.all())


def _group_of_family(view: View, lived: pl.DataFrame) -> pl.DataFrame:
    """Give the one group on record for a family's children: those who lived at a home, or whom services knew."""
    children = pl.concat([lived["child"], _first_and_team(view)["child"]]).unique()
    groups = characteristics_of(view, children).select(child="child_id", ethnic_group="ethnic_group")
    written = groups.drop_nulls("ethnic_group").join(_cluster_of(view), on="child", how="left")
    written = written.with_columns(pl.col(CLUSTER).fill_null(pl.col("child")))
    return written.group_by(CLUSTER).agg(_agreed("ethnic_group"))


def _at_home(lived: pl.DataFrame) -> pl.DataFrame:
    """Leave out addresses that are nobody's home: as many families as a hostel has, or people as a school."""
    people, families = pl.col("child").n_unique().over("place"), pl.col(CLUSTER).n_unique().over("place")
    is_home = (people <= MOST_IN_TWO_YEARS) & (families <= MOST_FAMILIES_AT_HOME)
    return lived.filter(pl.col("place").is_null() | is_home)


def _agreed(column: str) -> pl.Expr:
    """Take what all rows of a group say; missing where they differ."""
    return pl.when(pl.col(column).n_unique() == 1).then(pl.col(column).first()).alias(column)


def _first_and_team(view: View) -> pl.DataFrame:
    """Give each child's first year and latest team."""
    events = [
        view.tables[table].select(
            nw.col(person).alias("child"),
            nw.col(day).alias("day"),
            (nw.lit(None, dtype=nw.String) if team is None else nw.col(team)).alias("team"),
        )
        for table, person, day, team in _EVENTS
        if table in view.tables
    ]
    every = _collected(nw.concat(events)).drop_nulls(["child", "day"]).sort("child", "day", "team")
    year = pl.col("day").cast(pl.Date).dt.year().cast(pl.String)
    return every.group_by("child", maintain_order=True).agg(
        year.first().alias("year"), pl.col("team").drop_nulls().last()
    )


def _cluster_of(view: View) -> pl.DataFrame:
    families = family_of(view)
    if families is None:
        return pl.DataFrame(schema={"child": pl.String, CLUSTER: pl.String})
    return _collected(families).select(child="child_id", **{CLUSTER: "family_id"})


def _stage_of(view: View) -> pl.DataFrame:
    names = {int(each.rung): each.english for each in LADDER}
    highest = _collected(spans_of_rungs(view)).group_by(pl.col("child_id").alias("child")).agg(pl.col("rung").max())
    stage = pl.col("rung").cast(pl.Int64).replace_strict(names, return_dtype=pl.String)
    return highest.select("child", stage=stage)


def _of_siblings(view: View, groups: pl.DataFrame) -> pl.DataFrame:
    """Give the group that a child's brothers and sisters have on record, grown-up ones too; never the child's own."""
    pairs = members(view)
    if pairs is None:
        return pl.DataFrame(schema={"child": pl.String, OF_SIBLINGS: pl.String})
    kin = _collected(pairs).filter(pl.col("relation").is_in(["sibling", "adult"]))
    # A grown-up counts where services knew them as a child themselves: parents are no rows here.
    theirs = kin.join(groups.select(member_id="child", theirs="ethnic_group"), on="member_id").drop_nulls("theirs")
    return theirs.group_by(pl.col("child_id").alias("child")).agg(_agreed("theirs").alias(OF_SIBLINGS))


def _collected(frame: Frame) -> pl.DataFrame:
    return pl.DataFrame(frame.collect(backend="polars").to_native())
