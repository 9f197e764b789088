"""What a child in need census says of one child, as rows of the standard's tables.

The one file that names the elements of the census and the columns they become. The census numbers nothing but
children, so keys are made here: from the child's id, and counts within the child and within what stands above.
Elements with names and pupil numbers are not read: nothing here needs them (data minimisation, UK GDPR art. 5(1)(c)).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Mapping

    from features.sources.nested import Gathered, Layout

Node: TypeAlias = "dict[str, list[Node | str | None]]"
"""An element: what stands in it, by local name; text where it holds no element."""

PERSON = {
    "pers_dob": "PersonBirthDate",
    "pers_expected_dob": "ExpectedPersonBirthDate",
    "pers_death_date": "PersonDeathDate",
    "pers_upn_unknown": "UPNunknown",
}
# Sex was called otherwise in earlier collections; the newest name first.
SEX = ("Sex", "PersonSex", "GenderCurrent", "PersonGenderCurrent")
EPISODE = {
    "cine_referral_date": "CINreferralDate",
    "cine_referral_source_code": "ReferralSource",
    "cine_cin_primary_need_code": "PrimaryNeedCode",
    "cine_close_date": "CINclosureDate",
    "cine_close_reason": "ReasonForClosure",
    "cine_referral_nfa": "ReferralNFA",
}
ASSESSMENT = {
    "cina_assessment_start_date": "AssessmentActualStartDate",
    "cina_assessment_auth_date": "AssessmentAuthorisationDate",
}
PLAN = {"cinp_cin_plan_start_date": "CINPlanStartDate", "cinp_cin_plan_end_date": "CINPlanEndDate"}
ENQUIRY = {"s47e_s47_start_date": "S47ActualStartDate"}
CONFERENCE = {"icpc_icpc_target_date": "InitialCPCtarget", "icpc_icpc_date": "DateOfInitialCPC"}
PROTECTION = {
    "cppl_cp_plan_start_date": "CPPstartDate",
    "cppl_cp_plan_end_date": "CPPendDate",
    "cppl_cp_plan_initial_category": "InitialCategoryOfAbuse",
    "cppl_cp_plan_latest_category": "LatestCategoryOfAbuse",
}

LAYOUT: Layout = {
    "ssd_person": ("pers_person_id", "pers_sex", "pers_ethnicity", *PERSON),
    "ssd_disability": ("disa_person_id", "disa_disability_code"),
    "ssd_cin_episodes": ("cine_referral_id", "cine_person_id", *EPISODE),
    "ssd_cin_assessments": ("cina_assessment_id", "cina_person_id", "cina_referral_id", *ASSESSMENT),
    "ssd_assessment_factors": ("cinf_assessment_id", "cinf_assessment_factors_json"),
    "ssd_cin_plans": ("cinp_cin_plan_id", "cinp_person_id", "cinp_referral_id", *PLAN),
    "ssd_s47_enquiry": ("s47e_s47_enquiry_id", "s47e_person_id", "s47e_referral_id", *ENQUIRY, "s47e_s47_end_date"),
    "ssd_initial_cp_conference": (
        "icpc_icpc_id", "icpc_person_id", "icpc_referral_id", "icpc_s47_enquiry_id", *CONFERENCE,
    ),
    "ssd_cp_plans": ("cppl_cp_plan_id", "cppl_person_id", "cppl_referral_id", *PROTECTION),
    "ssd_cp_reviews": ("cppr_cp_review_id", "cppr_person_id", "cppr_cp_plan_id", "cppr_cp_review_date"),
}  # fmt: skip

_BLOCKS = (
    "ChildIdentifiers", "LAchildID", "ChildCharacteristics", "Ethnicity", "Disabilities", "Disability", "CINdetails",
    "Assessments", "FactorsIdentifiedAtAssessment", "AssessmentFactors", "CINPlanDates", "Section47",
    "ICPCnotRequired", "ChildProtectionPlans", "Reviews", "CPPreviewDate",
)  # fmt: skip
# Known, and of no use to any table of the standard that is needed here; pre-proceedings came in 2026.
_LEFT_OUT = (
    "UPN", "FormerUPN", "AssessmentInternalReviewDate", "NumberOfPreviousCPP", "PersonSchoolYear",
    "PreProceedingsandFGDM", "PPStartDate", "LBPSentDate", "FGDMMeetingOffer", "FGDMMeetingFac",
    "InitialPPMeetingDate", "ReviewMeetingsCount", "StepDecisionDate", "PPOutcome", "CourtAppDate", "LetterInitCPDate",
)  # fmt: skip
_READ = (PERSON, EPISODE, ASSESSMENT, PLAN, ENQUIRY, CONFERENCE, PROTECTION)
_HEADER = ("Collection", "Year", "ReferenceDate")
KNOWN = frozenset({*_HEADER, *_BLOCKS, *_LEFT_OUT, *SEX, *(name for fields in _READ for name in fields.values())})
"""Every element of a child, and of the header's details, in the collections of 2017 to 2026."""

TOLD = {
    "pre_proceedings": (
        "{n} record(s) of pre-proceedings and family group decision making were left out: no table needed here has a "
        "place for them."
    ),
    "contradicted": (
        "{n} enquiry(ies) give the date of a conference and say that none was required; no conference was read."
    ),
    "without_id": "{n} child(ren) have no LAchildID; their rows cannot be joined and are set aside.",
    "no_reference_date": "The header has no reference date that can be read.",
    "unknown": "{n} element(s) that no collection up to 2026 has were left out.",
}
CANNOT_GIVE = (
    "A census holds no contacts and no early help: indicators of the front door and of early help are missing, and "
    "children who only had early help are not in it.",
    "A census holds children with a case open in its year; what happened to them before that year is only there where "
    "the same case was still open.",
    "Families, mothers and addresses are not in a census: indicators of brothers and sisters, of moving home and of "
    "deprivation are missing.",
    "Visits, looked-after episodes, missing episodes and health are not in a census; being looked after is seen "
    "nowhere in it.",
    "An enquiry's end and outcome, and whether a conference led to a plan, are not in a census; nor how a child took "
    "part in a review.",
)

_YES = ("1", "true", "yes", "y")


def gather_child(child: Node, gathered: Gathered, *, n_episodes: Counter[str]) -> None:
    """Add everything that is said of one child.

    Parameters
    ----------
    child
        The element `Child`.
    gathered
        Rows are added to it.
    n_episodes
        Episodes read before, by child: a child may stand in a file more than once.
    """
    identifiers, characteristics = _first(child, "ChildIdentifiers"), _first(child, "ChildCharacteristics")
    person = _text(identifiers, "LAchildID")
    sex = next((found for name in SEX if (found := _text(identifiers, name)) is not None), None)
    said = {"pers_person_id": person, "pers_sex": sex, "pers_ethnicity": _text(characteristics, "Ethnicity")}
    gathered.add("ssd_person", {**said, **_cells(identifiers, PERSON)})
    gathered.counts["without_id"] += person is None
    # What has no child's id keeps keys of its own, so that it is set aside for that reason alone.
    key = f"#{gathered.counts['without_id']}" if person is None else person
    for list_of in _each(characteristics, "Disabilities"):
        for code in _texts(list_of, "Disability"):
            gathered.add("ssd_disability", {"disa_person_id": person, "disa_disability_code": code})
    for details in _each(child, "CINdetails"):
        n_episodes[key] += 1
        _Episode(gathered, person=person, referral=f"{key}-r{n_episodes[key]}").add(details)


class _Episode:
    """One referral of one child, and what is added under it."""

    def __init__(self, gathered: Gathered, *, person: str | None, referral: str) -> None:
        self.gathered, self.person, self.referral = gathered, person, referral

    def add(self, details: Node) -> None:
        self._row("ssd_cin_episodes", {"cine_referral_id": self.referral, **_cells(details, EPISODE)})
        for n, block in enumerate(_each(details, "Assessments"), start=1):
            self._assessment(block, f"{self.referral}-a{n}")
        for n, block in enumerate(_each(details, "CINPlanDates"), start=1):
            plan = {"cinp_cin_plan_id": f"{self.referral}-n{n}", **_cells(block, PLAN)}
            self._row("ssd_cin_plans", plan)
        held = [self._enquiry(block, f"{self.referral}-e{n}") for n, block in enumerate(_each(details, "Section47"), 1)]
        # A conference after a move into the area has no enquiry here; one that has may be written in both places.
        day = _text(details, "DateOfInitialCPC")
        if day is not None and day not in held:
            self._conference({"icpc_icpc_id": f"{self.referral}-c", "icpc_icpc_date": day})
        for n, block in enumerate(_each(details, "ChildProtectionPlans"), start=1):
            self._protection(block, f"{self.referral}-p{n}")
        self.gathered.counts["pre_proceedings"] += len(details.get("PreProceedingsandFGDM", ()))

    def _row(self, table: str, cells: Mapping[str, str | None]) -> None:
        """Add a row of this child and referral; a table without a column for either does not keep it."""
        prefix = LAYOUT[table][0].partition("_")[0]
        whose = {f"{prefix}_person_id": self.person, f"{prefix}_referral_id": self.referral}
        self.gathered.add(table, {**whose, **cells})

    def _assessment(self, block: Node, key: str) -> None:
        self._row("ssd_cin_assessments", {"cina_assessment_id": key, **_cells(block, ASSESSMENT)})
        factors = [code for list_of in _each(block, "FactorsIdentifiedAtAssessment") for code in _codes(list_of)]
        factors += _codes(block)
        if factors:
            cells = {"cinf_assessment_id": key, "cinf_assessment_factors_json": json.dumps(factors)}
            self._row("ssd_assessment_factors", cells)

    def _enquiry(self, block: Node, key: str) -> str | None:
        """Add an enquiry and its conference; the day of the conference that was read."""
        self._row("ssd_s47_enquiry", {"s47e_s47_enquiry_id": key, **_cells(block, ENQUIRY)})
        conference = _cells(block, CONFERENCE)
        day = conference["icpc_icpc_date"]
        if (_text(block, "ICPCnotRequired") or "").lower() in _YES:
            self.gathered.counts["contradicted"] += day is not None
            return None
        if any(conference.values()):
            self._conference({"icpc_icpc_id": f"{key}-c", "icpc_s47_enquiry_id": key, **conference})
        return day

    def _conference(self, cells: Mapping[str, str | None]) -> None:
        self._row("ssd_initial_cp_conference", cells)

    def _protection(self, block: Node, key: str) -> None:
        self._row("ssd_cp_plans", {"cppl_cp_plan_id": key, **_cells(block, PROTECTION)})
        days = [day for list_of in _each(block, "Reviews") for day in _texts(list_of, "CPPreviewDate")]
        for n, day in enumerate(days, start=1):
            review = {"cppr_cp_review_id": f"{key}-v{n}", "cppr_cp_plan_id": key, "cppr_cp_review_date": day}
            self._row("ssd_cp_reviews", review)


def _codes(block: Node) -> list[str]:
    return list(_texts(block, "AssessmentFactors"))


def _each(node: Node, name: str) -> Iterator[Node]:
    return (found for found in node.get(name, ()) if isinstance(found, dict))


def _first(node: Node, name: str) -> Node:
    return next(_each(node, name), {})


def _texts(node: Node, name: str) -> Iterator[str]:
    return (found for found in node.get(name, ()) if isinstance(found, str))


def _text(node: Node, name: str) -> str | None:
    for found in node.get(name, ()):
        if isinstance(found, str):
            return found
    return None


def _cells(node: Node, fields: Mapping[str, str]) -> dict[str, str | None]:
    return {column: _text(node, element) for column, element in fields.items()}
