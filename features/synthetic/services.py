"""How services respond: from contact to early help, assessment, plans, protection and care, and down again.

Each month a child stands in one state and at most one thing happens. What can happen, and how likely it is, depends on
the child's need and strengths that month and on a few things that do not change; never on ethnicity, sex or
deprivation, unless somebody asked to plant that (`planted`). `chain` lays these probabilities out as tables; `lives`
draws from them and `truth` adds them up: there is no second copy of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from features.synthetic.services_care import (
    care_chance,
    from_care,
    from_leaver,
    from_pre_proceedings,
    from_returned_home,
    from_settled_care,
)
from features.synthetic.states import Move, State

if TYPE_CHECKING:
    from collections.abc import Callable

    from features.synthetic.profiles import Profile
    from features.synthetic.situation import Exits, Situation


def _logistic(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def _planted(at: Situation, profile: Profile, name: str) -> Any:
    """Give the factor that was planted for the marked, and 1 for everybody else."""
    return np.where(at.is_marked > 0, profile.planted.get(name, 1.0), 1.0)


# However great the worry; what is planted comes on top.
MOST_CONTACT = 0.25


def _contact(at: Situation, profile: Profile) -> Any:
    """Give the chance that somebody contacts children's services about the child this month."""
    # Health visitors see babies; schools, police and neighbours see older children; nobody sees an unborn child often.
    seen = np.select(
        [at.months_old < 0, at.months_old < 12, at.months_old < 60, at.months_old < 132],
        [0.35, 1.2, 1.0, 0.97],
        0.77,
    )
    hidden = (1 + 0.5 * at.is_disabled + 0.5 * at.is_struggling * (at.months_old >= 132)) * seen
    # Worry rises steeply from no need to some, less from much to more.
    worry = np.exp(0.95 * np.minimum(at.need, 2) + 0.35 * np.maximum(at.need - 2, 0))
    return np.minimum(MOST_CONTACT, profile.contact * 0.0070 * worry * hidden) * _planted(at, profile, "surveillance")


def _referred_share(at: Situation, profile: Profile, readiness: float = 0.0) -> Any:
    """Give the share of contacts that become a referral; more of them where a case was open before."""
    return _logistic(
        profile.referral - 1.85 + readiness + 2.2 * np.minimum(at.need - 2, 0) + 0.5 * np.clip(at.need - 2, 0, 2)
    )


# Referrals that end at once with no further action: 6.5% (England 2025, DfE, Children in need).
CLOSED_AT_ONCE = 0.072
# Assessments that are done within the month of the referral; the rest take about 45 days.
QUICK = 0.4


def _need_found_share(at: Situation, profile: Profile) -> Any:
    """Give the share of assessments that find need: all but 30.8% of referrals (England 2025, DfE)."""
    likely = _logistic(profile.need_found + 0.3 * (at.need - 3) + 1.5 * at.is_disabled)
    odds = likely / (1 - likely) * _planted(at, profile, "label")
    return odds / (1 + odds)


def _from_universal(at: Situation, profile: Profile) -> Exits:
    return _without_service(at, profile, heard_of=1.0, readiness=0.0)


def _from_known_before(at: Situation, profile: Profile) -> Exits:
    # Re-referrals within 12 months: 22.6% (England 2025, DfE, Children in need). Forgotten after about two years.
    return [*_without_service(at, profile, heard_of=profile.heard_of, readiness=0.4), (Move.FORGOTTEN, 0.045)]


def _offered_share(at: Situation, profile: Profile) -> Any:
    """Give the share of contacts without a referral after which early help is offered and wanted.

    Help has to be wanted: families with strengths to build on say yes more often.
    """
    share = profile.early_help * (0.07 + 0.03 * at.strength) * np.exp(0.12 * (at.need - 1))
    return np.minimum(0.9, share * _planted(at, profile, "access"))


def _without_service(at: Situation, profile: Profile, *, heard_of: float, readiness: float) -> Exits:
    contact, referred = heard_of * _contact(at, profile), _referred_share(at, profile, readiness)
    assessed = contact * referred * (1 - CLOSED_AT_ONCE)
    need = _need_found_share(at, profile)
    offered = (1 - referred) * _offered_share(at, profile)
    return [
        (Move.INTO_CARE, care_chance(at, profile, 0.03)),
        (Move.REFERRED, assessed * (1 - QUICK)),
        (Move.NEED_FOUND_QUICKLY, assessed * QUICK * need),
        (Move.NO_NEED_FOUND_QUICKLY, assessed * QUICK * (1 - need)),
        (Move.REFERRAL_CLOSED, contact * referred * CLOSED_AT_ONCE),
        (Move.HELP_OFFERED, contact * offered),
        (Move.CONTACT, contact * (1 - referred - offered)),
    ]


# Places in early help that come free: half of those who wait get one within about a month.
PLACES = 0.5
LAPSES = 0.06


def _from_waiting(at: Situation, profile: Profile) -> Exits:
    contact, referred = _contact(at, profile), _referred_share(at, profile, readiness=0.2)
    return [
        (Move.INTO_CARE, care_chance(at, profile, 0.05)),
        (Move.STEPPED_UP, 0.5 * contact * referred),
        (Move.EARLY_HELP_BEGAN, np.full_like(contact, profile.places * PLACES)),
        (Move.OFFER_LAPSED, np.full_like(contact, LAPSES)),
        (Move.CONTACT, 0.5 * contact * (1 - referred)),
    ]


def _from_early_help(at: Situation, profile: Profile) -> Exits:
    contact, referred = _contact(at, profile), _referred_share(at, profile, readiness=0.2)
    return [
        (Move.INTO_CARE, care_chance(at, profile, 0.05)),
        # 7% to 13% of early help assessments step up.
        (Move.STEPPED_UP, 0.3 * contact * referred + 0.003 * np.exp(0.4 * (at.need - 2))),
        (Move.HELP_COMPLETED, np.minimum(0.4, 0.085 * np.exp(-0.22 * (at.need - 2)) * (0.6 + 0.25 * at.strength))),
        (Move.HELP_DECLINED, 0.05 * np.exp(-0.55 * at.strength) * np.exp(0.1 * (at.need - 2))),
        (Move.CONTACT, 0.4 * contact * (1 - referred)),
    ]


def _from_assessment(at: Situation, profile: Profile) -> Exits:
    care, need = care_chance(at, profile, 2.0), _need_found_share(at, profile)
    done = 0.85 * (1 - care)
    urgent = np.minimum(
        0.8, 0.32 * profile.enquiry * _young(at) * np.exp(0.15 * (at.need - 3)) * (1 - 0.6 * at.is_disabled)
    )
    helped = 0.06 + 0.03 * at.strength
    return [
        (Move.INTO_CARE, care),
        (Move.NEED_FOUND_URGENT, done * need * urgent),
        (Move.NEED_FOUND, done * need * (1 - urgent)),
        (Move.TO_EARLY_HELP, done * (1 - need) * helped),
        (Move.NO_NEED_FOUND, done * (1 - need) * (1 - helped)),
    ]


def _young(at: Situation) -> Any:
    """Give how much likelier an enquiry is about a small child: 41% of those registered are under 5 (Wales 2015)."""
    return np.select([at.months_old < 60, at.months_old < 120], [1.8, 0.95], 0.62)


def _from_in_need(at: Situation, profile: Profile) -> Exits:
    # Of episodes of need that end 46.3% have lasted less than three months (England 2016, DfE).
    ends = 1.1 * np.exp(-0.2 * (at.need - 2)) * np.where(at.is_disabled > 0, 0.12, 1.0)
    return [*_while_in_need(at, profile, ends), (Move.NEED_LASTS, np.full_like(ends, 0.22))]


def _from_lasting_need(at: Situation, profile: Profile) -> Exits:
    # ... and 9.8% two years or more.
    return _while_in_need(at, profile, 0.1 * np.exp(-0.35 * (at.need - 2)) * np.where(at.is_disabled > 0, 0.15, 1.0))


def _while_in_need(at: Situation, profile: Profile, ends: Any) -> Exits:
    ends = np.minimum(0.5, profile.closing * ends)
    begins = 0.065 * profile.enquiry * _young(at) * np.exp(0.1 * (at.need - 3)) * np.exp(-0.15 * (at.strength - 1))
    return [
        (Move.INTO_CARE, care_chance(at, profile, 1.5)),
        (Move.ENQUIRY_BEGAN, np.minimum(0.2, begins * (1 - 0.7 * at.is_disabled))),
        (Move.STEPPED_DOWN, ends * (0.12 + 0.06 * at.strength)),
        (Move.NEED_MET, ends * (0.88 - 0.06 * at.strength)),
    ]


def _from_enquiry(at: Situation, profile: Profile) -> Exits:
    # Of 191.6 enquiries per 10,000 children 63.2 reach a conference (England 2023), of which 85.9% make a plan.
    conference = _logistic(profile.conference - 0.5 + 0.1 * (at.need - 4) - 0.2 * (at.strength - 1))
    care = care_chance(at, profile, 3.0)
    rest = 0.9 * (1 - care)
    return [
        (Move.INTO_CARE, care),
        (Move.PROTECTION_BEGAN, rest * conference * 0.859),
        (Move.CONFERENCE_NO_PLAN, rest * conference * 0.141),
        (Move.ENQUIRY_ENDED, rest * (1 - conference)),
    ]


def _from_protection(at: Situation, profile: Profile) -> Exits:
    # The first review is due at three months (Working Together to Safeguard Children); few plans end before it.
    return [
        (Move.INTO_CARE, care_chance(at, profile, 4.0)),
        (Move.PRE_PROCEEDINGS_BEGAN, _proceedings(at)),
        (Move.PLAN_REVIEWED, np.full(np.shape(at.need + at.is_disabled), 0.3)),
    ]


def _proceedings(at: Situation) -> Any:
    return np.minimum(0.1, 0.014 * np.exp(0.35 * (at.need - 4)) * (1 + at.substances))


def _from_reviewed(at: Situation, profile: Profile) -> Exits:
    # Plans at a day (40.6) over plans begun in a year (50.8 per 10,000, England 2025): about 9.6 months.
    ends = profile.plan_ends * 0.19 * np.exp(-0.03 * (at.need - 3)) * (0.92 + 0.04 * at.strength)
    return [
        (Move.INTO_CARE, care_chance(at, profile, 4.0)),
        (Move.PRE_PROCEEDINGS_BEGAN, _proceedings(at)),
        (Move.PROTECTION_ENDED, np.minimum(0.5, ends)),
    ]


EXITS: dict[State, Callable[[Situation, Profile], Exits]] = {
    State.UNIVERSAL: _from_universal,
    State.KNOWN_BEFORE: _from_known_before,
    State.WAITING: _from_waiting,
    State.EARLY_HELP: _from_early_help,
    State.ASSESSMENT: _from_assessment,
    State.IN_NEED: _from_in_need,
    State.IN_NEED_LASTING: _from_lasting_need,
    State.ENQUIRY: _from_enquiry,
    State.PROTECTION: _from_protection,
    State.PROTECTION_REVIEWED: _from_reviewed,
    State.PRE_PROCEEDINGS: from_pre_proceedings,
    State.RETURNED_HOME: from_returned_home,
    State.CARE: from_care,
    State.CARE_SETTLED: from_settled_care,
    State.LEAVER_SETTLED: lambda at, _: from_leaver(at, has_work=True, has_home=True),
    State.LEAVER_WITHOUT_WORK: lambda at, _: from_leaver(at, has_work=False, has_home=True),
    State.LEAVER_WITHOUT_HOME: lambda at, _: from_leaver(at, has_work=True, has_home=False),
    State.LEAVER_WITHOUT_BOTH: lambda at, _: from_leaver(at, has_work=False, has_home=False),
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
        The authority, with what was planted.

    Returns
    -------
    list of tuple of Move and array
        Probabilities; the rest is that nothing happens. In a few of the worst situations, such as a baby of a parent
        who misuses drugs at the highest need, their sum passes 1: `chain` brings them down in proportion.
    """
    return EXITS[state](at, profile)
