"""How services respond: from contact to early help, assessment, plans, protection and care, and down again.

Each month a child stands in one state and at most one thing happens. What can happen, and how likely it is, depends on
the child's need and strengths that month and on a few things that do not change; never on ethnicity, sex or
deprivation. `lives` draws from these probabilities and `truth` adds them up: there is no second copy of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from features.synthetic.states import Move, State

if TYPE_CHECKING:
    from features.synthetic.profiles import Profile


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
    return profile.contact * np.minimum(0.3, 0.0225 * np.exp(0.24 * (at.need - 2)) * hidden)


def _care(at: Situation, profile: Profile, times: float) -> Any:
    """Give the chance to enter care this month: highest for babies and the oldest (DfE, 2025)."""
    by_age = np.select(
        [at.months_old < 0, at.months_old < 12, at.months_old < 60, at.months_old < 120, at.months_old < 192],
        [0.0, 9.0, 1.0, 0.65, 0.85],
        2.6,
    )
    family = (
        CARE_ODDS["drugs_or_alcohol"] ** at.drugs_or_alcohol
        * CARE_ODDS["parent_learning"] ** at.parent_learning
        * CARE_ODDS["domestic_abuse"] ** at.domestic_abuse
    )
    exploited = 1 + 1.5 * at.is_exploited * (at.months_old >= 132)
    chance = profile.care * times * 0.0011 * np.exp(0.35 * (at.need - 4)) * by_age * family * exploited
    return np.minimum(0.2, chance)


def _referred_share(at: Situation, *, readiness: float = 0.0) -> Any:
    """Give the share of contacts that become a referral; more of them where a case was open before."""
    return _logistic(-1.3 + readiness + 0.35 * (at.need - 3))


# Referrals that end at once with no further action: 6.5% (England 2025, DfE, Children in need).
CLOSED_AT_ONCE = 0.065
# Assessments that are done within the month of the referral; the rest take about 45 days.
QUICK = 0.35


def _need_found_share(at: Situation) -> Any:
    """Give the share of assessments that find need: all but 30.8% of referrals (England 2025, DfE)."""
    return _logistic(0.6 + 0.35 * (at.need - 3) + 1.5 * at.is_disabled)


def _from_universal(at: Situation, profile: Profile) -> Exits:
    return _without_service(at, profile, heard_of=1.0, readiness=0.0)


def _from_known_before(at: Situation, profile: Profile) -> Exits:
    # Re-referrals within 12 months: 22.6% (England 2025, DfE, Children in need). Forgotten after about a year.
    return [*_without_service(at, profile, heard_of=4.4, readiness=1.1), (Move.FORGOTTEN, 0.08)]


def _without_service(at: Situation, profile: Profile, *, heard_of: float, readiness: float) -> Exits:
    contact, referred = heard_of * _contact(at, profile), _referred_share(at, readiness=readiness)
    assessed = contact * referred * (1 - CLOSED_AT_ONCE)
    # Help has to be wanted: families with strengths to build on say yes more often.
    offered = (1 - referred) * (0.1 + 0.045 * at.strength)
    return [
        (Move.INTO_CARE, _care(at, profile, 0.06)),
        (Move.REFERRED, assessed * (1 - QUICK)),
        (Move.NEED_FOUND_QUICKLY, assessed * QUICK * _need_found_share(at)),
        (Move.NO_NEED_FOUND_QUICKLY, assessed * QUICK * (1 - _need_found_share(at))),
        (Move.REFERRAL_CLOSED, contact * referred * CLOSED_AT_ONCE),
        (Move.EARLY_HELP_BEGAN, contact * offered),
        (Move.CONTACT, contact * (1 - referred - offered)),
    ]


def _from_early_help(at: Situation, profile: Profile) -> Exits:
    contact, referred = _contact(at, profile), _referred_share(at, readiness=0.2)
    return [
        (Move.INTO_CARE, _care(at, profile, 0.1)),
        # 7% to 13% of early help assessments step up.
        (Move.STEPPED_UP, 0.4 * contact * referred + 0.004 * np.exp(0.45 * (at.need - 2))),
        (Move.HELP_COMPLETED, np.minimum(0.4, 0.075 * np.exp(-0.3 * (at.need - 2)) * (0.6 + 0.25 * at.strength))),
        (Move.HELP_DECLINED, 0.055 * np.exp(-0.55 * at.strength) * np.exp(0.1 * (at.need - 2))),
        (Move.CONTACT, 0.4 * contact * (1 - referred)),
    ]


def _from_assessment(at: Situation, profile: Profile) -> Exits:
    care, need = _care(at, profile, 2.0), _need_found_share(at)
    done = 0.85 * (1 - care)
    urgent = 0.17 * profile.enquiry * np.exp(0.25 * (at.need - 3)) * (1 - 0.7 * at.is_disabled)
    helped = 0.12 + 0.05 * at.strength
    return [
        (Move.INTO_CARE, care),
        (Move.NEED_FOUND_URGENT, done * need * urgent),
        (Move.NEED_FOUND, done * need * (1 - urgent)),
        (Move.TO_EARLY_HELP, done * (1 - need) * helped),
        (Move.NO_NEED_FOUND, done * (1 - need) * (1 - helped)),
    ]


def _from_in_need(at: Situation, profile: Profile) -> Exits:
    ends = 0.175 * np.exp(-0.25 * (at.need - 2)) * np.where(at.is_disabled > 0, 0.2, 1.0)
    ends = np.minimum(0.5, ends)
    begins = 0.034 * profile.enquiry * np.exp(0.4 * (at.need - 3)) * np.exp(-0.15 * (at.strength - 1))
    return [
        (Move.INTO_CARE, _care(at, profile, 2.2)),
        (Move.ENQUIRY_BEGAN, np.minimum(0.3, begins * (1 - 0.7 * at.is_disabled))),
        (Move.STEPPED_DOWN, ends * (0.15 + 0.08 * at.strength)),
        (Move.NEED_MET, ends * (0.85 - 0.08 * at.strength)),
    ]


def _from_enquiry(at: Situation, profile: Profile) -> Exits:
    # Of 191.6 enquiries per 10,000 children 63.2 reach a conference (England 2023), most of which make a plan.
    conference = _logistic(-0.55 + 0.35 * (at.need - 4) - 0.2 * (at.strength - 1))
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
