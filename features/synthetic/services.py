"""How services respond: from contact to early help, assessment, plans, protection and care, and down again.

Each month a child stands in one state and at most one thing happens. What can happen, and how likely it is, depends on
the child's need and strengths that month and on a few things that do not change; never on ethnicity, sex or
deprivation. `lives` draws from these probabilities and `truth` adds them up: there is no second copy of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np

from features.synthetic.profiles import Profile
from features.vocabulary.status import Rung


class State(IntEnum):
    """Where a child stands at the end of a month.

    `KNOWN_BEFORE` has no service either, but services were there not long ago, and people who know that call sooner.
    """

    UNIVERSAL = 0
    KNOWN_BEFORE = 1
    EARLY_HELP = 2
    ASSESSMENT = 3
    IN_NEED = 4
    ENQUIRY = 5
    PROTECTION = 6
    CARE = 7
    GONE = 8


class Move(IntEnum):
    """What happened to a child in a month."""

    NOTHING = 0
    CONTACT = 1
    EARLY_HELP_BEGAN = 2
    REFERRED = 3
    REFERRAL_CLOSED = 4
    HELP_COMPLETED = 5
    HELP_DECLINED = 6
    STEPPED_UP = 7
    NO_NEED_FOUND = 8
    TO_EARLY_HELP = 9
    NEED_FOUND = 10
    NEED_FOUND_URGENT = 11
    NEED_MET = 12
    STEPPED_DOWN = 13
    ENQUIRY_BEGAN = 14
    ENQUIRY_ENDED = 15
    CONFERENCE_NO_PLAN = 16
    PROTECTION_BEGAN = 17
    PROTECTION_ENDED = 18
    INTO_CARE = 19
    RETURNED_HOME = 20
    ADOPTED = 21
    SPECIAL_GUARDIANSHIP = 22
    MOVED_AWAY = 23
    DIED = 24
    TURNED_18 = 25
    FORGOTTEN = 26


# A move that is not here leaves the child where it is.
LEADS_TO: dict[Move, State] = {
    Move.EARLY_HELP_BEGAN: State.EARLY_HELP,
    Move.REFERRED: State.ASSESSMENT,
    Move.REFERRAL_CLOSED: State.KNOWN_BEFORE,
    Move.HELP_COMPLETED: State.KNOWN_BEFORE,
    Move.HELP_DECLINED: State.KNOWN_BEFORE,
    Move.STEPPED_UP: State.ASSESSMENT,
    Move.NO_NEED_FOUND: State.KNOWN_BEFORE,
    Move.TO_EARLY_HELP: State.EARLY_HELP,
    Move.NEED_FOUND: State.IN_NEED,
    Move.NEED_FOUND_URGENT: State.ENQUIRY,
    Move.NEED_MET: State.KNOWN_BEFORE,
    Move.STEPPED_DOWN: State.EARLY_HELP,
    Move.ENQUIRY_BEGAN: State.ENQUIRY,
    Move.ENQUIRY_ENDED: State.IN_NEED,
    Move.CONFERENCE_NO_PLAN: State.IN_NEED,
    Move.PROTECTION_BEGAN: State.PROTECTION,
    Move.PROTECTION_ENDED: State.IN_NEED,
    Move.INTO_CARE: State.CARE,
    Move.RETURNED_HOME: State.IN_NEED,
    Move.ADOPTED: State.GONE,
    Move.SPECIAL_GUARDIANSHIP: State.KNOWN_BEFORE,
    Move.MOVED_AWAY: State.GONE,
    Move.DIED: State.GONE,
    Move.TURNED_18: State.GONE,
    Move.FORGOTTEN: State.UNIVERSAL,
}

# The rung of the ladder that a state stands for; an assessment is none yet.
RUNGS: dict[State, Rung] = {
    State.UNIVERSAL: Rung.UNIVERSAL,
    State.KNOWN_BEFORE: Rung.UNIVERSAL,
    State.EARLY_HELP: Rung.EARLY_HELP,
    State.ASSESSMENT: Rung.UNIVERSAL,
    State.IN_NEED: Rung.CHILD_IN_NEED,
    State.ENQUIRY: Rung.CHILD_IN_NEED,
    State.PROTECTION: Rung.CHILD_PROTECTION,
    State.CARE: Rung.LOOKED_AFTER,
    State.GONE: Rung.UNIVERSAL,
}

# How much a service brings need down where help works; a plan does more than early help.
HELP_GIVEN: dict[State, float] = {
    State.EARLY_HELP: 1.6,
    State.IN_NEED: 1.3,
    State.ENQUIRY: 1.3,
    State.PROTECTION: 1.6,
    State.CARE: 1.6,
}

# Odds of being placed in care: parental drugs or alcohol 3.16, parental learning disability 2.92, domestic abuse 1.48,
# parental mental health 1.44 (Wales 2016-22). Need already holds part of each, so less of it is used here.
CARE_ODDS = {"drugs_or_alcohol": 1.8, "parent_learning": 1.8, "domestic_abuse": 1.2}

Exits = list[tuple[Move, Any]]


@dataclass(frozen=True)
class Situation:
    """What decides what may happen this month; arrays of any shape that fit together.

    Parameters
    ----------
    need, strength
        Levels this month.
    months_old
        Age in months; below 0 for the unborn.
    is_disabled, is_exploited, drugs_or_alcohol, parent_learning, domestic_abuse
        0 or 1.
    """

    need: Any
    strength: Any
    months_old: Any
    is_disabled: Any
    is_exploited: Any
    drugs_or_alcohol: Any
    parent_learning: Any
    domestic_abuse: Any


def _logistic(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def _contact(at: Situation, profile: Profile) -> Any:
    """Give the chance that somebody contacts children's services about the child this month."""
    # Health visitors see babies; schools, police and neighbours see older children; nobody sees an unborn child often.
    seen = np.select(
        [at.months_old < 0, at.months_old < 12, at.months_old < 60, at.months_old < 132],
        [0.5, 1.25, 0.95, 0.9],
        1.15,
    )
    hidden = (1 + 0.6 * at.is_disabled + 0.5 * at.is_exploited * (at.months_old >= 132)) * seen
    return profile.contact * np.minimum(0.3, 0.019 * np.exp(0.28 * (at.need - 2)) * hidden)


def _care(at: Situation, profile: Profile, times: float) -> Any:
    """Give the chance to enter care this month: highest for babies and the oldest (DfE, 2025)."""
    by_age = np.select(
        [at.months_old < 0, at.months_old < 12, at.months_old < 60, at.months_old < 120, at.months_old < 192],
        [0.0, 4.0, 0.9, 0.65, 1.1],
        2.6,
    )
    family = (
        CARE_ODDS["drugs_or_alcohol"] ** at.drugs_or_alcohol
        * CARE_ODDS["parent_learning"] ** at.parent_learning
        * CARE_ODDS["domestic_abuse"] ** at.domestic_abuse
    )
    exploited = 1 + 1.5 * at.is_exploited * (at.months_old >= 132)
    chance = profile.care * times * 0.0014 * np.exp(0.35 * (at.need - 4)) * by_age * family * exploited
    return np.minimum(0.2, chance)


def _referred_share(at: Situation) -> Any:
    """Give the share of contacts that become a referral."""
    return _logistic(-0.65 + 0.3 * (at.need - 3))


# Referrals that end at once with no further action: 6.5% (England 2025, DfE, Children in need).
CLOSED_AT_ONCE = 0.065


def _from_universal(at: Situation, profile: Profile) -> Exits:
    return _without_service(at, profile, heard_of=1.0)


def _from_known_before(at: Situation, profile: Profile) -> Exits:
    # Re-referrals within 12 months: 22.6% (England 2025, DfE, Children in need). Forgotten after about a year.
    return [*_without_service(at, profile, heard_of=4.0), (Move.FORGOTTEN, 0.07)]


def _without_service(at: Situation, profile: Profile, *, heard_of: float) -> Exits:
    contact, referred = heard_of * _contact(at, profile), _referred_share(at)
    # Help has to be wanted: families with strengths to build on say yes more often.
    offered = (1 - referred) * (0.16 + 0.06 * at.strength)
    return [
        (Move.INTO_CARE, _care(at, profile, 0.06)),
        (Move.REFERRED, contact * referred * (1 - CLOSED_AT_ONCE)),
        (Move.REFERRAL_CLOSED, contact * referred * CLOSED_AT_ONCE),
        (Move.EARLY_HELP_BEGAN, contact * offered),
        (Move.CONTACT, contact * (1 - referred - offered)),
    ]


def _from_early_help(at: Situation, profile: Profile) -> Exits:
    contact, referred = _contact(at, profile), _referred_share(at)
    return [
        (Move.INTO_CARE, _care(at, profile, 0.1)),
        # 7% to 13% of early help assessments step up.
        (Move.STEPPED_UP, 0.4 * contact * referred + 0.004 * np.exp(0.3 * (at.need - 2))),
        (Move.HELP_COMPLETED, np.minimum(0.4, 0.085 * np.exp(-0.3 * (at.need - 2)) * (0.6 + 0.25 * at.strength))),
        (Move.HELP_DECLINED, 0.055 * np.exp(-0.55 * at.strength) * np.exp(0.1 * (at.need - 2))),
        (Move.CONTACT, 0.4 * contact * (1 - referred)),
    ]


def _from_assessment(at: Situation, profile: Profile) -> Exits:
    # Assessed and not in need: 30.8% of referrals (England 2025). Assessments last about 45 days.
    done, need = 0.85, _logistic(0.95 + 0.3 * (at.need - 3) + 1.5 * at.is_disabled)
    urgent = 0.2 * profile.enquiry * np.exp(0.25 * (at.need - 3)) * (1 - 0.7 * at.is_disabled)
    helped = 0.12 + 0.05 * at.strength
    return [
        (Move.INTO_CARE, _care(at, profile, 2.0)),
        (Move.NEED_FOUND_URGENT, done * need * urgent),
        (Move.NEED_FOUND, done * need * (1 - urgent)),
        (Move.TO_EARLY_HELP, done * (1 - need) * helped),
        (Move.NO_NEED_FOUND, done * (1 - need) * (1 - helped)),
    ]


def _from_in_need(at: Situation, profile: Profile) -> Exits:
    ends = 0.155 * np.exp(-0.25 * (at.need - 2)) * np.where(at.is_disabled > 0, 0.2, 1.0)
    ends = np.minimum(0.5, ends)
    begins = 0.045 * profile.enquiry * np.exp(0.28 * (at.need - 3)) * np.exp(-0.15 * (at.strength - 1))
    return [
        (Move.INTO_CARE, _care(at, profile, 2.2)),
        (Move.ENQUIRY_BEGAN, np.minimum(0.3, begins * (1 - 0.7 * at.is_disabled))),
        (Move.STEPPED_DOWN, ends * (0.15 + 0.08 * at.strength)),
        (Move.NEED_MET, ends * (0.85 - 0.08 * at.strength)),
    ]


def _from_enquiry(at: Situation, profile: Profile) -> Exits:
    # Of 191.6 enquiries per 10,000 children 63.2 reach a conference (England 2023), most of which make a plan.
    conference = _logistic(-0.35 + 0.35 * (at.need - 4) - 0.2 * (at.strength - 1))
    care = _care(at, profile, 4.0)
    rest = 1 - care
    return [
        (Move.INTO_CARE, care),
        (Move.PROTECTION_BEGAN, rest * conference * 0.84),
        (Move.CONFERENCE_NO_PLAN, rest * conference * 0.16),
        (Move.ENQUIRY_ENDED, rest * (1 - conference)),
    ]


def _from_protection(at: Situation, profile: Profile) -> Exits:
    # Plans at a day (40.6) over plans begun in a year (50.8 per 10,000, England 2025): about 9.6 months.
    ends = 0.13 * np.exp(-0.25 * (at.need - 3)) * (0.8 + 0.15 * at.strength)
    return [(Move.INTO_CARE, _care(at, profile, 6.0)), (Move.PROTECTION_ENDED, np.minimum(0.5, ends))]


def _from_care(at: Situation, profile: Profile) -> Exits:
    # Of care episodes that cease 19% return home, 9% end in adoption, 12% in special guardianship (England 2025).
    small = (at.months_old >= 12) & (at.months_old < 72)
    return [
        (Move.RETURNED_HOME, 0.012 * np.exp(-0.25 * (at.need - 3))),
        (Move.ADOPTED, np.where(small, 0.014, 0.0)),
        (Move.SPECIAL_GUARDIANSHIP, np.where(at.months_old < 120, 0.008, 0.001)),
    ]


EXITS = {
    State.UNIVERSAL: _from_universal,
    State.KNOWN_BEFORE: _from_known_before,
    State.EARLY_HELP: _from_early_help,
    State.ASSESSMENT: _from_assessment,
    State.IN_NEED: _from_in_need,
    State.ENQUIRY: _from_enquiry,
    State.PROTECTION: _from_protection,
    State.CARE: _from_care,
}


def exits(state: State, at: Situation, profile: Profile) -> Exits:
    """Give what may happen this month to a child in a state, with its probability.

    Parameters
    ----------
    state
        Where the child stands; not `GONE`.
    at
        The child's situation this month.
    profile
        The authority.

    Returns
    -------
    list of tuple of Move and array
        Probabilities whose sum is below 1; the rest is that nothing happens.
    """
    return EXITS[state](at, profile)
