"""What the DfE's API says of one child, as rows of the standard's tables.

The one file that names the fields of the API and the columns they become. Most records carry an id of their own, and it
is kept; where one is missing, a key is made from the id above and a count. Names, pupil numbers and the second system's
id are not read: nothing here needs them (data minimisation, UK GDPR art. 5(1)(c)).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Mapping

    from features.sources.nested import Gathered, Layout

CHILD_ID = "la_child_id"

PERSON = {
    "pers_sex": "sex",
    "pers_ethnicity": "ethnicity",
    "pers_dob": "date_of_birth",
    "pers_expected_dob": "expected_date_of_birth",
    "pers_upn_unknown": "unique_pupil_number_unknown_reason",
}
SCORE = {"csdq_sdq_completed_date": "date", "csdq_sdq_score": "score"}
EPISODE = {
    "cine_referral_date": "referral_date",
    "cine_referral_source_code": "referral_source",
    "cine_referral_nfa": "referral_no_further_action_flag",
    "cine_close_date": "closure_date",
    "cine_close_reason": "closure_reason",
}
WORKER = {
    "invo_professional_id": "worker_id",
    "invo_involvement_start_date": "start_date",
    "invo_involvement_end_date": "end_date",
}
ASSESSMENT = {"cina_assessment_start_date": "start_date", "cina_assessment_auth_date": "authorisation_date"}
PLAN = {"cinp_cin_plan_start_date": "start_date", "cinp_cin_plan_end_date": "end_date"}
ENQUIRY = {"s47e_s47_start_date": "start_date", "s47e_s47_end_date": "end_date"}
PROTECTION = {"cppl_cp_plan_start_date": "start_date", "cppl_cp_plan_end_date": "end_date"}
PLACEMENT = {
    "clap_cla_placement_start_date": "start_date",
    "clap_cla_placement_end_date": "end_date",
    "clap_cla_placement_type": "placement_type",
    "clap_cla_placement_postcode": "postcode",
    "clap_cla_placement_change_reason": "change_reason",
}
CARE = {
    "clae_cla_episode_start_date": "start_date",
    "clae_cla_episode_start_reason": "start_reason",
    "clae_cla_episode_ceased_date": "end_date",
    "clae_cla_episode_ceased_reason": "end_reason",
}
ADOPTION = {
    "perm_adm_decision_date": "initial_decision_date",
    "perm_matched_date": "matched_date",
    "perm_placed_for_adoption_date": "placed_date",
}
LEAVER = {
    "clea_care_leaver_latest_contact": "contact_date",
    "clea_care_leaver_activity": "activity",
    "clea_care_leaver_accommodation": "accommodation",
}

LAYOUT: Layout = {
    "ssd_person": ("pers_person_id", *PERSON),
    "ssd_disability": ("disa_person_id", "disa_disability_code"),
    "ssd_sdq_scores": ("csdq_person_id", *SCORE),
    "ssd_cin_episodes": ("cine_referral_id", "cine_person_id", *EPISODE),
    "ssd_involvements": ("invo_involvements_id", "invo_person_id", "invo_referral_id", *WORKER),
    "ssd_cin_assessments": ("cina_assessment_id", "cina_person_id", "cina_referral_id", *ASSESSMENT),
    "ssd_assessment_factors": ("cinf_assessment_id", "cinf_assessment_factors_json"),
    "ssd_cin_plans": ("cinp_cin_plan_id", "cinp_person_id", "cinp_referral_id", *PLAN),
    "ssd_s47_enquiry": (
        "s47e_s47_enquiry_id", "s47e_person_id", "s47e_referral_id", *ENQUIRY, "s47e_s47_outcome_json",
    ),
    "ssd_initial_cp_conference": (
        "icpc_icpc_id", "icpc_person_id", "icpc_referral_id", "icpc_s47_enquiry_id", "icpc_icpc_date",
    ),
    "ssd_cp_plans": ("cppl_cp_plan_id", "cppl_person_id", "cppl_referral_id", *PROTECTION),
    "ssd_cla_episodes": (
        "clae_cla_episode_id", "clae_person_id", "clae_referral_id", "clae_cla_placement_id", *CARE,
    ),
    "ssd_cla_placement": ("clap_cla_placement_id", "clap_person_id", *PLACEMENT),
    "ssd_permanence": ("perm_table_id", "perm_person_id", *ADOPTION),
    "ssd_care_leavers": ("clea_table_id", "clea_person_id", *LEAVER),
}  # fmt: skip

# In the keys that are made, by what they number.
LETTERS = {
    "care_worker_details": "w",
    "child_and_family_assessments": "a",
    "child_in_need_plans": "n",
    "section_47_assessments": "e",
    "child_protection_plans": "p",
    "child_looked_after_placements": "l",
    "adoption": "o",
    "care_leavers": "c",
}
# The flag tells one of an enquiry's outcomes and nothing of the others.
CONFERENCE_REQUIRED = {"true": '{"CP_CONFERENCE_FLAG": "Y"}', "false": '{"CP_CONFERENCE_FLAG": "N"}'}

TOLD = {
    "purged": "{n} record(s) are marked to be purged; neither they nor what stands under them was read.",
    "contradicted": (
        "{n} enquiry(ies) give the date of a conference and say that none was required; no conference was read."
    ),
    "without_id": "{n} child(ren) have no la_child_id; their rows cannot be joined and are set aside.",
    "no_object": "{n} entry(ies) stand where a record should and are none; they were left out.",
    "no_cell": "{n} list(s) or object(s) stand where one value should; the value is missing.",
}
CANNOT_GIVE = (
    "The API has no contacts and no early help: indicators of the front door and of early help are missing, and "
    "children who only had early help are not in it.",
    "A child's postcode comes without the day from which it held, so no address is read: indicators of moving home "
    "and of deprivation are missing.",
    "Families and mothers are not in the API: indicators of brothers and sisters are missing.",
    "The need for which a child was referred, the kind of harm a protection plan names, its reviews, and what came of "
    "a conference are not in the API; nor are visits and missing episodes.",
    "The API tells of placements: an episode of care is taken to be a placement, so changes of legal status are not "
    "seen, and which placements make one period of care is not told.",
    "That a child is unaccompanied comes without the day from which it was so, and is not read: the audit cannot look "
    "at these children apart.",
    "Of a care leaver, whether the home suits and whether they are in touch is not in the API.",
)


_YES, _NO = "true", "false"


def gather_child(child: Mapping[str, Any], gathered: Gathered, *, n_episodes: Counter[str]) -> None:
    """Add everything that is said of one child.

    Parameters
    ----------
    child
        The object.
    gathered
        Rows are added to it.
    n_episodes
        Episodes read before, by child: a child may stand in a file more than once.
    """
    told = _Told(gathered)
    if told.is_purged(child):
        return
    person = told.cell(child, CHILD_ID)
    gathered.counts["without_id"] += person is None
    # What has no child's id keeps keys of its own, so that it is set aside for that reason alone.
    key = f"#{gathered.counts['without_id']}" if person is None else person
    _person(told, child, person=person)
    for episode in told.each(child, "social_care_episodes"):
        n_episodes[key] += 1
        referral = told.cell(episode, "social_care_episode_id") or f"{key}-r{n_episodes[key]}"
        _Episode(told, person=person, referral=referral).add(episode)


class _Told:
    """Looks at objects as a program wrote them, counts what is not as it should be, and adds rows."""

    def __init__(self, gathered: Gathered) -> None:
        self.add, self.counts = gathered.add, gathered.counts

    def is_purged(self, record: Mapping[str, Any]) -> bool:
        purged = str(record.get("purge")).lower() == _YES
        self.counts["purged"] += purged
        return purged

    def each(self, record: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
        """Give the objects under a name that are to be read: one, or those of a list."""
        found = record.get(name)
        for one in found if isinstance(found, list) else [] if found is None else [found]:
            if not isinstance(one, dict):
                self.counts["no_object"] += 1
            elif not self.is_purged(one):
                yield one

    def cell(self, record: Mapping[str, Any], name: str) -> str | None:
        return self.text(record.get(name))

    def cells(self, record: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, str | None]:
        return {column: self.text(record.get(name)) for column, name in fields.items()}

    def texts(self, record: Mapping[str, Any], name: str) -> list[str]:
        """Give the values of a list that are there."""
        found = record.get(name)
        values = (self.text(one) for one in (found if isinstance(found, list) else [found]))
        return [value for value in values if value is not None]

    def text(self, value: Any) -> str | None:
        if isinstance(value, (list, dict)):
            self.counts["no_cell"] += 1
            return None
        if isinstance(value, bool):
            return _YES if value else _NO
        return None if value is None else str(value).strip() or None


def _person(told: _Told, child: Mapping[str, Any], *, person: str | None) -> None:
    details = next(told.each(child, "child_details"), {})
    told.add("ssd_person", {"pers_person_id": person, **told.cells(details, PERSON)})
    for code in told.texts(details, "disabilities"):
        told.add("ssd_disability", {"disa_person_id": person, "disa_disability_code": code})
    for health in told.each(child, "health_and_wellbeing"):
        for score in told.each(health, "sdq_assessments"):
            told.add("ssd_sdq_scores", {"csdq_person_id": person, **told.cells(score, SCORE)})


class _Episode:
    """One referral of one child, and what is added under it."""

    def __init__(self, told: _Told, *, person: str | None, referral: str) -> None:
        self.told, self.person, self.referral = told, person, referral

    def add(self, episode: Mapping[str, Any]) -> None:
        self._row("ssd_cin_episodes", {"cine_referral_id": self.referral, **self.told.cells(episode, EPISODE)})
        for key, record in self._numbered(episode, "care_worker_details"):
            self._row("ssd_involvements", {"invo_involvements_id": key, **self.told.cells(record, WORKER)})
        for key, record in self._numbered(episode, "child_and_family_assessments"):
            self._assessment(record, key)
        for key, record in self._numbered(episode, "child_in_need_plans"):
            self._row("ssd_cin_plans", {"cinp_cin_plan_id": key, **self.told.cells(record, PLAN)})
        for key, record in self._numbered(episode, "section_47_assessments"):
            self._enquiry(record, key)
        for key, record in self._numbered(episode, "child_protection_plans"):
            self._row("ssd_cp_plans", {"cppl_cp_plan_id": key, **self.told.cells(record, PROTECTION)})
        for key, record in self._numbered(episode, "child_looked_after_placements"):
            self._placement(record, key)
        # Programs write these two as objects with nothing in them where there is nothing to tell.
        for key, record in self._numbered(episode, "adoption"):
            if any((cells := self.told.cells(record, ADOPTION)).values()):
                self._row("ssd_permanence", {"perm_table_id": key, **cells})
        for key, record in self._numbered(episode, "care_leavers"):
            if any((cells := self.told.cells(record, LEAVER)).values()):
                self._row("ssd_care_leavers", {"clea_table_id": key, **cells})

    def _numbered(self, episode: Mapping[str, Any], name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Give each record with its id, made where it has none."""
        for n, record in enumerate(self.told.each(episode, name), start=1):
            yield (
                self.told.cell(record, f"{name.removesuffix('s')}_id") or f"{self.referral}-{LETTERS[name]}{n}",
                record,
            )

    def _row(self, table: str, cells: Mapping[str, str | None]) -> None:
        """Add a row of this child and referral; a table without a column for either does not keep it."""
        prefix = LAYOUT[table][0].partition("_")[0]
        whose = {f"{prefix}_person_id": self.person, f"{prefix}_referral_id": self.referral}
        self.told.add(table, {**whose, **cells})

    def _assessment(self, record: Mapping[str, Any], key: str) -> None:
        self._row("ssd_cin_assessments", {"cina_assessment_id": key, **self.told.cells(record, ASSESSMENT)})
        factors = self.told.texts(record, "factors")
        # An empty list is kept as one; what is not written is not known.
        if factors or record.get("factors") == []:
            cells = {"cinf_assessment_id": key, "cinf_assessment_factors_json": json.dumps(factors)}
            self._row("ssd_assessment_factors", cells)

    def _enquiry(self, record: Mapping[str, Any], key: str) -> None:
        required, day = self.told.cell(record, "icpc_required_flag"), self.told.cell(record, "icpc_date")
        outcome = {"s47e_s47_outcome_json": CONFERENCE_REQUIRED.get(required or "")}
        self._row("ssd_s47_enquiry", {"s47e_s47_enquiry_id": key, **self.told.cells(record, ENQUIRY), **outcome})
        if day is not None and required == _NO:
            self.told.counts["contradicted"] += 1
        elif day is not None:
            conference = {"icpc_icpc_id": f"{key}-c", "icpc_s47_enquiry_id": key, "icpc_icpc_date": day}
            self._row("ssd_initial_cp_conference", conference)

    def _placement(self, record: Mapping[str, Any], key: str) -> None:
        own = {"clae_cla_episode_id": key, "clae_cla_placement_id": key}
        self._row("ssd_cla_episodes", {**own, **self.told.cells(record, CARE)})
        self._row("ssd_cla_placement", {"clap_cla_placement_id": key, **self.told.cells(record, PLACEMENT)})
