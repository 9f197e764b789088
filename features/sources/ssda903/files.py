"""What the files of an SSDA903 set hold, 2019 to 2026, and which rows of the standard's tables they give.

A new year's variant is a change here and nowhere else. Names are the return's own, in lower case; names that no file
has (`year_end`, `since`, `period`, …) are columns that `ssda903` prepares before the rows are taken.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from features.sources.care_episodes import ENTERED, READ, TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

CHILD, BORN = "child", "dob"


@dataclass(frozen=True)
class ReturnFile:
    """One file of the set.

    Parameters
    ----------
    own
        Headers that no other file has.
    needed
        Headers beside the child's id without which the file cannot be used.
    shared
        Further headers that other files have too.
    """

    own: frozenset[str]
    needed: tuple[str, ...] = ()
    shared: frozenset[str] = frozenset({CHILD, BORN})

    @property
    def columns(self) -> frozenset[str]:
        """Every header that the file had in any year."""
        return self.own | self.shared


def _file(own: str, needed: str = "", shared: str = "") -> ReturnFile:
    return ReturnFile(frozenset(own.split()), tuple(needed.split()), frozenset({CHILD, BORN, *shared.split()}))


_EPISODES = (
    "decom rne ls cin place place_provider dec rec reason_place_change home_post pl_post urn pl_location pl_distance"
)
_ASKED_OF_HEALTH = "health_check immunisations teeth_check health_assessment substance_misuse convicted"
FILES: dict[str, ReturnFile] = {
    # Sex was headed GENDER in some years; pupil numbers left the file and motherhood is asked in some years only.
    "header": _file("ethnic upn mother mc_dob", shared="sex gender"),
    "episodes": _file(_EPISODES, needed="decom dec"),
    "reviews": _file("review review_code", needed="review"),
    "uasc": _file("duc", shared="sex gender"),
    "oc2": _file(f"sdq_score sdq_reason {_ASKED_OF_HEALTH} intervention_received intervention_offered"),
    "oc3": _file("in_touch activ accom"),
    "ad1": _file("date_int date_match foster_care nb_adoptr sex_adoptr ls_adoptr"),
    "placed_adoption": _file("date_placed date_placed_ceased reason_placed_ceased"),
    "prev_perm": _file("prev_perm la_perm date_perm"),
    "missing": _file("missing mis_start mis_end", needed="mis_start"),
    # Who worked with a child is asked from 2023-24, and deprivation of liberty later still.
    "social_worker": _file("sw_id sw_decom sw_dec sw_reason", needed="sw_decom"),
    "dolo": _file("dolo_start dolo_end"),
}
"""Every file of the set by its name."""

FLAGS = tuple(_ASKED_OF_HEALTH.split())
"""Answers of `oc2` that are yes or no; of each but immunisations a yes alone gives a row."""

EPISODES: dict[str, str] = {
    "clae_person_id": CHILD,
    "clae_cla_episode_start_date": "decom",
    "clae_cla_episode_start_reason": "rne",
    "clae_cla_primary_need_code": "cin",
    "clae_cla_episode_ceased_date": "dec",
    "clae_cla_episode_ceased_reason": "rec",
    "lega_legal_status": "ls",
    "clap_cla_placement_type": "place",
    "clap_cla_placement_urn": "urn",
    "clap_cla_placement_distance": "pl_distance",
    "clap_cla_placement_provider": "place_provider",
    "clap_cla_placement_postcode": "pl_post",
    "clap_cla_placement_change_reason": "reason_place_change",
}
"""Columns of an episode, as `care_episodes` reads them, and where the return has them."""

assert set(EPISODES) == set(READ) - {ENTERED}


@dataclass(frozen=True)
class Gives:
    """Rows of a table that one file gives.

    Parameters
    ----------
    table
        The standard's table.
    file
        The file of the set; `adoption` is `ad1` and `placed_adoption` joined.
    person
        The column that says whose row it is.
    key
        The key and the letter it is made with; None where the table needs none.
    columns
        The table's columns, and the file's.
    always
        Columns that are the same in every row.
    where
        Columns of the file of which one must hold something; none: every row is taken.
    """

    table: str
    file: str
    person: str
    key: tuple[str, str] | None
    columns: Mapping[str, str]
    always: Mapping[str, str] = field(default_factory=dict)
    where: tuple[str, ...] = ()


def _health(asked: str, kind: str, letter: str) -> Gives:
    return Gives(
        "ssd_cla_health",
        "oc2",
        "clah_person_id",
        ("clah_health_check_id", letter),
        {"clah_health_check_date": "year_end"},
        always={"clah_health_check_type": kind, "clah_health_check_status": "Completed"},
        where=(asked,),
    )


GIVES: tuple[Gives, ...] = (
    Gives(
        "ssd_cla_reviews",
        "reviews",
        "clar_cla_person_id",
        ("clar_cla_review_id", "r"),
        {"clar_cla_id": "period", "clar_cla_review_date": "review", "clar_cla_review_participation": "review_code"},
    ),
    Gives(
        "ssd_immigration_status",
        "uasc",
        "immi_person_id",
        ("immi_immigration_status_id", "u"),
        {"immi_immigration_status_start_date": "since", "immi_immigration_status_end_date": "duc"},
        always={"immi_immigration_status": "Unaccompanied Asylum Seeking Child"},
    ),
    Gives(
        "ssd_sdq_scores",
        "oc2",
        "csdq_person_id",
        ("csdq_table_id", "q"),
        {"csdq_sdq_completed_date": "year_end", "csdq_sdq_score": "sdq_score", "csdq_sdq_reason": "sdq_reason"},
        where=("sdq_score", "sdq_reason"),
    ),
    _health("health_assessment", "Health Assessment", "a"),
    _health("teeth_check", "Dental Check", "t"),
    _health("health_check", "Health Surveillance Check", "c"),
    Gives(
        "ssd_cla_immunisations",
        "oc2",
        "clai_person_id",
        None,
        {"clai_immunisations_status": "immunisations", "clai_immunisations_status_date": "year_end"},
        where=("immunisations",),
    ),
    Gives(
        "ssd_cla_substance_misuse",
        "oc2",
        "clas_person_id",
        ("clas_substance_misuse_id", "s"),
        {"clas_substance_misuse_date": "year_end", "clas_intervention_received": "intervention_received"},
        where=("substance_misuse",),
    ),
    Gives(
        "ssd_cla_convictions",
        "oc2",
        "clac_person_id",
        ("clac_cla_conviction_id", "v"),
        {"clac_cla_conviction_date": "year_end"},
        where=("convicted",),
    ),
    Gives(
        "ssd_care_leavers",
        "oc3",
        "clea_person_id",
        ("clea_table_id", "o"),
        {
            "clea_care_leaver_in_touch": "in_touch",
            "clea_care_leaver_latest_contact": "heard",
            "clea_care_leaver_accommodation": "home",
            "clea_care_leaver_accom_suitable": "suitable",
            "clea_care_leaver_activity": "activity",
        },
    ),
    Gives(
        "ssd_permanence",
        "adoption",
        "perm_person_id",
        ("perm_table_id", "n"),
        {
            "perm_adm_decision_date": "date_int",
            "perm_matched_date": "date_match",
            "perm_placed_for_adoption_date": "date_placed",
            "perm_decision_reversed_date": "date_placed_ceased",
            "perm_decision_reversed_reason": "reason_placed_ceased",
            "perm_adopted_by_carer_flag": "foster_care",
        },
    ),
    Gives(
        "ssd_cla_previous_permanence",
        "prev_perm",
        "lapp_person_id",
        ("lapp_table_id", "b"),
        {"lapp_previous_permanence_option": "prev_perm"},
    ),
    Gives(
        "ssd_missing",
        "missing",
        "miss_person_id",
        ("miss_table_id", "m"),
        {
            "miss_missing_episode_start_date": "mis_start",
            "miss_missing_episode_type": "missing",
            "miss_missing_episode_end_date": "mis_end",
        },
    ),
    Gives(
        "ssd_involvements",
        "social_worker",
        "invo_person_id",
        ("invo_involvements_id", "w"),
        {
            "invo_professional_id": "sw_id",
            "invo_involvement_start_date": "sw_decom",
            "invo_involvement_end_date": "sw_dec",
            "invo_worker_change_reason": "sw_reason",
        },
    ),
)
"""What every file but `header` and `episodes` gives; those two are gathered and numbered."""

CAN_HOLD: frozenset[str] = frozenset({"ssd_person", *TABLES} | {gives.table for gives in GIVES})

CANNOT_GIVE: tuple[str, ...] = (
    "The return asks of looked-after children and care leavers alone. Contacts, early help, referrals, assessments and "
    "their factors, plans for children in need and child protection have no place in it: by itself it can neither "
    "train nor score; join it to a source that has them.",
    "A mother is named nowhere (her child's day of birth is), nor are families, addresses and disabilities: siblings, "
    "homes before care and disability are unknown.",
    "Visits and care plans are not asked, nor whether a review was due or a return interview offered: visits kept and "
    "interviews accepted are unknown.",
    "Health, immunisations, substance misuse, convictions, questionnaires and leavers are asked once a year without a "
    "day: each counts from the year's last day, so what they tell comes late.",
    "The decision for adoption and the match are asked of children who were adopted within the year, and of no others: "
    "that their days are there tells how it ended, so no model should learn from them.",
    "A child whom the authority does not have to return, such as one in need who goes missing, is not in the set.",
)
