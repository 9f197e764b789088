"""Families with rows in every table around a day, for properties of what is known when.

A case draws rows for families of a child, a sibling and their mother, and says which of them, and which of their cells,
were known later than a day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

import polars as pl

from features.tables import CONTRACTS, columns_of
from features.tables.contract import DTYPES
from features.tables.records import SET_ASIDE_SCHEMA, Records
from tests.known_from import KNOWN_FROM, ROW_LAG

Row = dict[str, Any]
Tables = dict[str, list[Row]]

AS_OF = date(2025, 3, 31)
# The mothers are drawn whole, and the population is of nobody in particular.
DRAWN = tuple(table for table in KNOWN_FROM if table not in ("ssd_mother", "ext_population"))

# Codes that indicators ask for, by column; any other text column gets a word.
CODES = {
    "cine_referral_source_code": ("6", "2A", "3A", "10"),
    "cine_cin_primary_need_code": ("N0", "N1", None),
    "earl_episode_organisation": ("school", "health visiting", "voluntary sector"),
    "serv_end_reason": ("ended early", "stepped up", "completed as agreed"),
    "s47e_s47_outcome_json": ("|CP_CONFERENCE_FLAG|", "||"),
    "cppl_cp_plan_initial_category": ("NEG", "EMO", "PHY", "SAB"),
    "lega_legal_status": ("V2", "C1", "L1", "J1"),
    "clah_health_check_status": ("Completed", "Refused"),
    "clea_care_leaver_accommodation": ("B", "U"),
    "clea_care_leaver_accom_suitable": ("1", "2"),
    "clea_care_leaver_activity": ("F1", "G4"),
    "clap_cla_placement_type": ("U1", "K2"),
    "perm_permanence_order_type": ("Adoption", "Special Guardianship"),
    "famv_said_by": ("child", "mother"),
    "famv_view": ("positive", "mixed", "negative"),
    "famv_topic": ("help received", "school"),
    "fama_tool": ("cans and star",),
    "fama_scale": ("interpersonal", "domestic abuse, drugs, parental mental health"),
    "fama_score": (1.0, 3.0, 22.0),
    "clar_cla_review_participation": ("PN1", "PN7"),
    "clea_care_leaver_in_touch": ("YES", "NO"),
    "clah_health_check_type": ("dental", "health assessment"),
    "miss_missing_episode_type": ("M", "A", None),
    "csdq_sdq_reason": ("SDQ2", "SDQ3", None),
    "addr_address_type": ("home", "hostel"),
    "invo_worker_change_reason": ("LEFTRL", "CHCHAN"),
    "clap_cla_placement_change_reason": ("CREQB", "CARPL"),
    "clae_cla_episode_start_reason": ("S", "P"),
    "scho_sessions_possible": (22.0,),
    "scho_sessions_attended": (3.0, 22.0),
    "fama_direction": ("higher is better", "lower is better"),
    "cont_contact_source_code": ("6", "2A", "3A", "1A", "1C", "3E", "4", "9", "10", None),
    "cont_contact_outcome_json": ("|NFA_FLAG|", "||", "|ADVICE_FLAG|", "|NEW_REFERRAL_FLAG|"),
    "earl_episode_end_reason": (
        "outcomes met",
        "outcomes met",
        "step up",
        "moved away",
        "consent withdrawn",
        "partly met",
        None,
    ),
    "cine_close_reason": ("RC1", "RC3", "RC5", "RC7", "RC8", "RC9", None),
    "cina_assessment_outcome_json": ("|PROV_OF_SERVICES_FLAG|", "|NFA_FLAG|"),
    "cinf_assessment_factors_json": (
        "|1A|1B|2B|3B|4A|4B|5A|5B|6A|6B|",
        "|7A|11A|14A|15A|16A|17A|18B|19C|",
        "|1C|2A|2C|3A|3C|4C|5C|6C|8D|8E|8F|10A|",
        "|12A|13A|18C|19B|20|24A|",
        "|21|",
    ),
    "cppr_cp_review_participation": ("PN1", "PN7"),
    "clae_cla_episode_ceased_reason": ("E4A", "E4B", "E45", "E11", "E3"),
}
VALUES: dict[str, tuple[Any, ...]] = {
    "postcode": ("AB11AA", "AB22BB", None),
    "flag": (0, 1, None),
    "number": (3.0, 22.0, None),
    "address": (*(f"{home:016x}" for home in range(12)), None),
}
EVENTS = (-800, -700, -380, -200, -100, -40, -4, -3, -2, -1, 0, 1, 2, 30)
LENGTHS = (None, 1, 2, 3, 30, 200, 700)
DELAYS = (None, -5, 0, 1, 3, 40, 400)


@dataclass(frozen=True)
class Case:
    """Families with rows in every table, and whether the source says when each row was entered."""

    n_families: int
    tables: Tables
    says_when_entered: bool


def draw_case(seed: int, n_families: int, says_when_entered: bool) -> Case:
    chance = Random(seed)  # noqa: S311 - draws invented rows, keeps no secret
    tables = {
        table: [
            draw_row(chance, table, family=family, number=number, says_when_entered=says_when_entered)
            for family in range(n_families)
            for number in range(chance.randint(0, 4))
        ]
        for table in DRAWN
    }
    return Case(n_families, tables, says_when_entered)


def draw_row(chance: Random, table: str, *, family: int, number: int, says_when_entered: bool) -> Row:
    """Draw a row of one of a family's three people, whose dates lie around the day."""
    event, cells = KNOWN_FROM[table]
    start = AS_OF + timedelta(chance.choice(EVENTS) - ROW_LAG.get(table, 0))
    row: Row = {}
    for name, column in columns_of(CONTRACTS[table]).items():
        if name == event:
            row[name] = start
        elif column.kind == "date":
            is_told = name in cells or column.is_planned
            length = chance.choice(LENGTHS) if is_told else None
            row[name] = None if length is None else start + timedelta(length)
        elif column.kind == "address":
            row[name] = chance.choice((f"home {family}", f"home {family + 1}", None))
        else:
            row[name] = chance.choice(CODES.get(name) or VALUES.get(column.kind) or ("some words", None))
    keys = {"referral_id": "R", "assessment_id": "A", "s47_enquiry_id": "E", "cla_id": "P", "cp_plan_id": "C"}
    row |= {name: f"{key}{family}-{number}" for name in row for ending, key in keys.items() if name.endswith(ending)}
    whose = next((name for name in row if name.endswith("_person_id")), None)
    if whose is not None:
        row[whose] = f"{chance.choice('CCSSMN')}{family}"
    if table == "ext_family_assessments" and chance.random() < 0.5:
        row |= {"fama_person_id": None, "fama_family_id": f"F{family}"}
    if says_when_entered:
        delay = chance.choice(DELAYS)
        row["recorded_on"] = None if delay is None else start + timedelta(delay)
    return row


def records_of(case: Case) -> Records:
    """Make typed records of a case: in each family a child, a sibling and their mother, and a child beside them."""
    tables = {table: typed(table, rows, case.says_when_entered) for table, rows in case.tables.items()}
    born = {"C": date(2015, 1, 1), "S": date(2021, 1, 1), "M": date(1990, 1, 1), "N": date(2016, 1, 1)}
    people = [(f"{who}{n}", f"F{n}", day) for n in range(case.n_families) for who, day in born.items()]
    undated: Tables = {
        "ssd_person": [{"pers_person_id": person, "pers_dob": day} for person, _, day in people],
        "ssd_family": [
            {"fami_person_id": person, "fami_family_id": family} for person, family, _ in people if person[0] != "N"
        ],
        "ssd_mother": [
            {"moth_person_id": f"M{person[1:]}", "moth_childs_person_id": person, "moth_childs_dob": day}
            for person, _, day in people
            if person[0] in "CS"
        ],
        "ssd_disability": [{"disa_person_id": "C0", "disa_disability_code": "AUT"}],
        "ext_deprivation": [
            {"depr_postcode": code, "depr_decile": n} for code, n in (("AB11AA", 1.0), ("AB22BB", 9.0))
        ],
    }
    tables |= {table: typed(table, rows, False) for table, rows in undated.items()}
    return Records(tables, pl.DataFrame(schema=SET_ASIDE_SCHEMA), {}, date(2026, 3, 31), {})


def children_of(case: Case) -> pl.DataFrame:
    listed = [(f"{who}{n}", f"F{n}") for n in range(case.n_families) for who in "CS"]
    return pl.DataFrame(listed, schema=["child_id", "family_id"], orient="row")


def typed(table: str, rows: list[Row], says_when_entered: bool) -> pl.DataFrame:
    schema = {name: DTYPES[column.kind] for name, column in columns_of(CONTRACTS[table]).items()}
    if says_when_entered:
        schema["recorded_on"] = pl.Date
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    dates = [name for name, dtype in schema.items() if dtype == pl.Date]
    return frame.with_columns(pl.col(name).to_physical().cast(pl.Int32).alias(f"{name}_day") for name in dates)


def is_later(day: date | None, *, than: date) -> bool:
    """Whether something of that day is not known yet; what has no day is never known."""
    return day is None or day > than


def row_is_later(table: str, row: Row, *, than: date, lag: int = 0) -> bool:
    event = row[KNOWN_FROM[table][0]]
    days = [event and event + timedelta(ROW_LAG.get(table, 0))]
    days += [row["recorded_on"]] if row.get("recorded_on") else []
    return any(is_later(day and day + timedelta(lag), than=than) for day in days)


def without_later_rows(case: Case, *, than: date) -> Case:
    kept = {
        table: [row for row in rows if not row_is_later(table, row, than=than)] for table, rows in case.tables.items()
    }
    return replace(case, tables=kept)


def without_later_cells(case: Case, *, than: date) -> Case:
    """Blank every cell of a known row that was not known itself."""
    blanked = {
        table: [{**row, **dict.fromkeys(later_cells(table, row, than=than))} for row in rows]
        for table, rows in case.tables.items()
    }
    return replace(case, tables=blanked)


def later_cells(table: str, row: Row, *, than: date) -> list[str]:
    event, cells = KNOWN_FROM[table]
    return [
        name
        for name, (source, lag) in cells.items()
        if (
            row_is_later(table, row, than=than, lag=lag)
            if source == event
            else is_later(row[source] and row[source] + timedelta(lag), than=than)
        )
    ]
