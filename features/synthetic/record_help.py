"""What is recorded of contacts and early help."""

from __future__ import annotations

import numpy as np
import polars as pl

from features.synthetic.cells import (
    Case,
    asked_day,
    chosen,
    dates,
    drawn,
    drawn_alike,
    ending_move,
    ids,
    moves_at,
    only,
    outcome,
    spans_of,
    stays_in,
)  # fmt: skip
from features.synthetic.families import FAMILY_PROBLEMS, Ints
from features.synthetic.states import IN_CARE, IN_NEED_PLAN, ON_A_PLAN, REFERRALS, Move, State

# Source of referral, England 2020 (DfE, Children in need): police 28.7%, schools 18.2%, health 15.0%, authority's
# services 14.1%, individuals 8.1%, other 4.9%, legal 3.9%, education 2.1%, anonymous 2.1%, unknown 1.4%, housing 1.3%.
SOURCE_SHARES = {
    "6": 28.7, "2A": 18.2, "2B": 2.1, "3A": 2.5, "3B": 4.0, "3C": 1.5, "3E": 3.5, "3F": 3.5, "5A": 4.1, "5B": 6.0,
    "5C": 1.5, "5D": 2.5, "1A": 3.6, "1B": 1.5, "1C": 1.5, "1D": 1.5, "8": 4.9, "7": 3.9, "9": 2.1, "10": 1.4, "4": 1.3,
}  # fmt: skip
SOURCE_NAMES = {
    "6": "Police", "2A": "Schools", "2B": "Education Services", "3A": "GP", "3B": "Health Visitor",
    "3C": "School Nurse",
    "3E": "A&E", "3F": "Health - other", "5A": "Social care - e.g. adults", "5B": "Other internal LA service",
    "5C": "External LA service", "5D": "Early help", "1A": "Family member/relative/carer", "1B": "Acquaintance",
    "1C": "Self", "1D": "Individual - other", "8": "Other incl. children's centres", "7": "Other legal agency",
    "9": "Anonymous", "10": "Unknown", "4": "Housing",
}  # fmt: skip
CONTACT_KEYS = (
    "NEW_REFERRAL_FLAG", "EXISTING_REFERRAL_FLAG", "CP_ENQUIRY_FLAG", "NFA_FLAG", "NON_AGENCY_ADOPTION_FLAG",
    "PRIVATE_FOSTERING_FLAG", "ADVICE_FLAG", "MISSING_FLAG", "OLA_CP_FLAG", "OTHER_OUTCOMES_EXIST_FLAG",
)  # fmt: skip
CONTACT_OUTCOMES = [
    outcome(CONTACT_KEYS, "NFA_FLAG"),
    outcome(CONTACT_KEYS, "ADVICE_FLAG"),
    outcome(CONTACT_KEYS, "NEW_REFERRAL_FLAG"),
    outcome(CONTACT_KEYS, "OTHER_OUTCOMES_EXIST_FLAG"),
    outcome(CONTACT_KEYS, "EXISTING_REFERRAL_FLAG"),
    None,
]
# How often the move came through the front door; schools and clinics offer early help without it.
BY_CONTACT = {
    Move.CONTACT: 1.0,
    Move.HELP_OFFERED: 0.8,
    Move.REFERRED: 0.97,
    Move.REFERRAL_CLOSED: 0.97,
    Move.NEED_FOUND_QUICKLY: 0.97,
    Move.NO_NEED_FOUND_QUICKLY: 0.97,
    Move.STEPPED_UP: 0.4,
}
WORKED_WITH = (*IN_NEED_PLAN, *ON_A_PLAN, *IN_CARE)
REASONS = ["Parenting support", "Domestic abuse", "Parental mental health", "School attendance", "Behaviour", "Housing"]
ORGANISATIONS = {"Family Hub North": 3, "Family Hub South": 3, "School": 2, "Health Visiting": 1, "Voluntary sector": 1}
END_REASONS = {
    Move.HELP_COMPLETED: ("Outcomes met", "Outcomes partially met"),
    Move.HELP_DECLINED: ("Consent withdrawn", "Disengaged"),
    Move.STEPPED_UP: ("Step-up", "Step-up to social care"),
    Move.INTO_CARE: ("Step-up", "Step-up to social care"),
    Move.DIED: ("Child died", "Child died"),
    Move.TURNED_18: ("Turned 18", "Turned 18"),
}


def _while_worked_with(case: Case, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Draw contacts about children whose case is open: they change nothing, they are joined to the case."""
    child, month = stays_in(case, WORKED_WITH)
    chance = 0.035 * np.exp(0.2 * (case.lives.need[child, month].astype(np.float64) - 2))
    came = (rng.random(len(child)) < chance) & (case.lives.move[child, month] == Move.NOTHING)
    return child[came], month[came]


def _contact_outcomes(moves: Ints, rng: np.random.Generator) -> pl.Series:
    simple = {**dict.fromkeys(REFERRALS, 2), Move.HELP_OFFERED: 3, Move.NOTHING: 4}
    position = np.select(
        [moves == m for m in simple], list(simple.values()), np.where(rng.random(len(moves)) < 0.6, 0, 1)
    )
    return chosen(CONTACT_OUTCOMES, np.where(rng.random(len(moves)) < 0.015, 5, position))


def _contacts(case: Case, rng: np.random.Generator) -> pl.DataFrame:
    child, month = moves_at(case, list(BY_CONTACT))
    share = np.array([BY_CONTACT.get(m, 0.0) for m in Move])
    came = rng.random(len(child)) < share[case.lives.move[child, month]]
    more_child, more_month = _while_worked_with(case, rng)
    child = np.concatenate([child[came], more_child])
    month = np.concatenate([month[came], more_month])
    order = np.lexsort((child, asked_day(case, child, month)))
    child, month = child[order], month[order]
    source = drawn_alike(case, "sources", SOURCE_SHARES, child, month)
    return pl.DataFrame(
        {
            "cont_contact_id": ids(len(child), first=300001),
            "cont_person_id": case.persons(child),
            "cont_contact_date": dates(asked_day(case, child, month)),
            "cont_contact_source_code": only(source, rng.random(len(child)) > 0.02),
            "cont_contact_source_desc": source.replace_strict(SOURCE_NAMES),
            "cont_contact_outcome_json": _contact_outcomes(case.lives.move[child, month].astype(np.int64), rng),
        }
    )


def _why_helped(case: Case, child: Ints, rng: np.random.Generator) -> pl.Series:
    """Write a broad reason: what is there in the family is named more often than not."""
    named = list(FAMILY_PROBLEMS)
    has = case.people.family_problems[child]
    seen = rng.random(len(child)) < 0.6
    position = np.select(
        [seen & has[:, named.index("domestic_abuse")], seen & has[:, named.index("parent_mental_health")]],
        [1, 2],
        rng.choice([0, 3, 4, 5], size=len(child), p=[0.45, 0.2, 0.25, 0.1]),
    )
    return only(chosen(REASONS, position), rng.random(len(child)) > 0.05)


def _early_help(case: Case, rng: np.random.Generator) -> pl.DataFrame:
    spans = spans_of(case, [State.EARLY_HELP])
    ended = ending_move(case, spans)
    texts = [text for pair in END_REASONS.values() for text in pair]
    pair = np.select([ended == m for m in END_REASONS], np.arange(len(END_REASONS)), -1)
    second = rng.random(spans.n) < 0.25
    is_written = (pair >= 0) & (rng.random(spans.n) > 0.06)
    return pl.DataFrame(
        {
            "earl_episode_id": ids(spans.n, first=50001),
            "earl_person_id": case.persons(spans.child),
            "earl_episode_start_date": dates(spans.start_day),
            "earl_episode_end_date": dates(spans.end_day),
            "earl_episode_reason": _why_helped(case, spans.child, rng),
            "earl_episode_end_reason": only(chosen(texts, np.maximum(pair, 0) * 2 + second), is_written),
            "earl_episode_organisation": drawn(rng, ORGANISATIONS, spans.n),
            "earl_episode_worker_id": pl.Series(["SSD_PH"] * spans.n, dtype=pl.String),
        }
    )


def record_help(case: Case) -> dict[str, pl.DataFrame]:
    """Write the tables of contacts and early help."""
    return {
        "ssd_contacts": _contacts(case, case.draws("record contacts")),
        "ssd_early_help_episodes": _early_help(case, case.draws("record early help")),
    }
