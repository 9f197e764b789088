"""Writes simulated tables as an SSDA903 set: the CSV files that an authority returns about looked-after children.

A return in truth is one year's; this one holds the episodes, reviews and missing times of the whole extract, and the
yearly answers of the last year. Only children who were looked after are in it. Cells are written as they are, days as
dd/mm/yyyy where they are days.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from features.synthetic.formats.return_care import cut_episodes, day, in_return, part
from features.synthetic.formats.return_year import FLAG, yearly_answers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

EPISODES = {
    "DECOM": "clae_cla_episode_start_date",
    "RNE": "clae_cla_episode_start_reason",
    "LS": "lega_legal_status",
    "CIN": "clae_cla_primary_need_code",
    "PLACE": "clap_cla_placement_type",
    "PLACE_PROVIDER": "clap_cla_placement_provider",
    "DEC": "clae_cla_episode_ceased_date",
    "REC": "clae_cla_episode_ceased_reason",
    "REASON_PLACE_CHANGE": "clap_cla_placement_change_reason",
    "PL_POST": "clap_cla_placement_postcode",
    "URN": "clap_cla_placement_urn",
    "PL_DISTANCE": "clap_cla_placement_distance",
}
PLAIN = {
    "reviews": (
        "ssd_cla_reviews",
        "clar_cla_person_id",
        {"REVIEW": "clar_cla_review_date", "REVIEW_CODE": "clar_cla_review_participation"},
    ),
    "missing": (
        "ssd_missing",
        "miss_person_id",
        {
            "MISSING": "miss_missing_episode_type",
            "MIS_START": "miss_missing_episode_start_date",
            "MIS_END": "miss_missing_episode_end_date",
        },
    ),
    "prev_perm": (
        "ssd_cla_previous_permanence",
        "lapp_person_id",
        {
            "PREV_PERM": "lapp_previous_permanence_option",
            "LA_PERM": "lapp_previous_permanence_la",
            "DATE_PERM": "lapp_previous_permanence_order_date",
        },
    ),
    "social_worker": (
        "ssd_involvements",
        "invo_person_id",
        {
            "SW_ID": "invo_professional_id",
            "SW_DECOM": "invo_involvement_start_date",
            "SW_DEC": "invo_involvement_end_date",
            "SW_REASON": "invo_worker_change_reason",
        },
    ),
}
"""Files whose rows are a table's rows: the table, whose row it is, and the file's columns beside CHILD and DOB."""


def write_ssda903(tables: Mapping[str, pl.DataFrame], folder: Path, *, until: date) -> None:
    """Write the set.

    Parameters
    ----------
    tables
        The simulator's tables, all text.
    folder
        Made where it is not there. A file is written for each table that there is.
    until
        The last day; yearly answers are those of the year before it.
    """
    episodes = cut_episodes(tables)
    children = pl.concat([episodes["clae_person_id"], part(tables, "ssd_care_leavers", ["clea_person_id"]).to_series()])
    files = {"episodes": _columns(episodes, "clae_person_id", EPISODES)}
    for name, (table, person, columns) in PLAIN.items():
        if table in tables:
            rows = in_return(part(tables, table, [person, *columns.values()]), person, children)
            files[name] = _columns(rows, person, columns)
    files |= {name: frame for name, frame in _adoption(tables, children).items() if frame.height}
    files["uasc"] = _unaccompanied(tables, episodes["clae_person_id"])
    files["oc2"] = yearly_answers(tables, children, until=until)
    files["oc3"] = _leavers(tables)
    folder.mkdir(parents=True, exist_ok=True)
    people = _header(tables, children)
    people.write_csv(folder / "header.csv")
    for name, frame in files.items():
        _with_births(name, frame, people).write_csv(folder / f"{name}.csv")


def _columns(rows: pl.DataFrame, person: str, columns: Mapping[str, str]) -> pl.DataFrame:
    days = {name for name in columns.values() if name.endswith("_date")}
    cells = [(day(pl.col(name)) if name in days else pl.col(name)).alias(theirs) for theirs, name in columns.items()]
    return rows.select(pl.col(person).alias("CHILD"), *cells)


def _with_births(name: str, frame: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Put a child's day of birth beside its id, as every file but one has it; and its sex, where it is asked."""
    if name == "episodes":
        return frame
    asked = ["SEX", "DOB"] if name == "uasc" else ["DOB"]
    known = people.select("CHILD", *asked).unique("CHILD", keep="first", maintain_order=True)
    joined = frame.join(known, on="CHILD", how="left", maintain_order="left")
    return joined.select("CHILD", *asked, *(column for column in frame.columns if column != "CHILD"))


def _header(tables: Mapping[str, pl.DataFrame], children: pl.Series) -> pl.DataFrame:
    columns = ["pers_person_id", "pers_sex", "pers_dob", "pers_ethnicity", "pers_upn_unknown", "pers_is_mother"]
    people = in_return(part(tables, "ssd_person", columns), "pers_person_id", children)
    return people.select(
        CHILD="pers_person_id",
        SEX="pers_sex",
        DOB=day(pl.col("pers_dob")),
        ETHNIC="pers_ethnicity",
        UPN="pers_upn_unknown",
        MOTHER=pl.col("pers_is_mother").replace(FLAG),
        MC_DOB=pl.lit(None, pl.String),
    )


def _unaccompanied(tables: Mapping[str, pl.DataFrame], looked_after: pl.Series) -> pl.DataFrame:
    columns = ["immi_person_id", "immi_immigration_status", "immi_immigration_status_end_date"]
    rows = in_return(part(tables, "ssd_immigration_status", columns), "immi_person_id", looked_after)
    alone = rows.filter(pl.col("immi_immigration_status").str.contains("(?i)unaccompanied"))
    return _columns(alone, "immi_person_id", {"DUC": "immi_immigration_status_end_date"})


def _leavers(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Write how leavers live; a nought where nothing is known, as the return asks."""
    home, suitable, activity = (f"clea_care_leaver_{name}" for name in ("accommodation", "accom_suitable", "activity"))
    rows = part(tables, "ssd_care_leavers", ["clea_person_id", "clea_care_leaver_in_touch", home, suitable, activity])
    return rows.select(
        CHILD="clea_person_id",
        IN_TOUCH="clea_care_leaver_in_touch",
        ACTIV=pl.col(activity).fill_null("0"),
        ACCOM=pl.concat_str(home, suitable, ignore_nulls=True).replace("", "0"),
    )


def _adoption(tables: Mapping[str, pl.DataFrame], children: pl.Series) -> dict[str, pl.DataFrame]:
    by_carer = "perm_adopted_by_carer_flag"
    asked = {
        "ad1": {
            "DATE_INT": "perm_adm_decision_date",
            "DATE_MATCH": "perm_matched_date",
            "FOSTER_CARE": by_carer,
            "NB_ADOPTR": "perm_number_of_adopters",
            "SEX_ADOPTR": "perm_adopter_sex",
            "LS_ADOPTR": "perm_adopter_legal_status",
        },
        "placed_adoption": {
            "DATE_PLACED": "perm_placed_for_adoption_date",
            "DATE_PLACED_CEASED": "perm_decision_reversed_date",
            "REASON_PLACED_CEASED": "perm_decision_reversed_reason",
        },
    }
    found = {}
    for name, columns in asked.items():
        rows = in_return(
            part(tables, "ssd_permanence", list(dict.fromkeys(["perm_person_id", by_carer, *columns.values()]))),
            "perm_person_id",
            children,
        )
        told = rows.filter(pl.any_horizontal(pl.col(column).is_not_null() for column in columns.values()))
        found[name] = _columns(told.with_columns(pl.col(by_carer).replace(FLAG)), "perm_person_id", columns)
    return found
