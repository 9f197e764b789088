"""Where a child can stand, what can happen in a month, and where that leads.

Words only: how likely each is stands in `services`.
"""

from __future__ import annotations

from enum import IntEnum

from features.vocabulary.status import Rung


class State(IntEnum):
    """Where a child, or a young person who left care, stands at the end of a month.

    `KNOWN_BEFORE` has no service either, but services were there not long ago, and people who know that call sooner.
    `WAITING` has been offered early help and waits for a place. Need is `IN_NEED` in its first weeks, in which much of
    it is met, and `IN_NEED_LASTING` later. A protection plan is `PROTECTION` until its first review and
    `PROTECTION_REVIEWED` after it; care is `CARE` in its first months and `CARE_SETTLED` later.
    `PRE_PROCEEDINGS` keeps the protection plan: no extract tells the two apart. Those who left care at 18 are seen
    until 22: in education or work and a suitable home, without one of them, or without both.
    """

    UNIVERSAL = 0
    KNOWN_BEFORE = 1
    WAITING = 2
    EARLY_HELP = 3
    ASSESSMENT = 4
    IN_NEED = 5
    IN_NEED_LASTING = 6
    ENQUIRY = 7
    PROTECTION = 8
    PROTECTION_REVIEWED = 9
    PRE_PROCEEDINGS = 10
    RETURNED_HOME = 11
    CARE = 12
    CARE_SETTLED = 13
    LEAVER_SETTLED = 14
    LEAVER_WITHOUT_WORK = 15
    LEAVER_WITHOUT_HOME = 16
    LEAVER_WITHOUT_BOTH = 17
    GONE = 18


class Move(IntEnum):
    """What happened to a child in a month."""

    NOTHING = 0
    CONTACT = 1
    HELP_OFFERED = 2
    EARLY_HELP_BEGAN = 3
    OFFER_LAPSED = 4
    REFERRED = 5
    REFERRAL_CLOSED = 6
    NEED_FOUND_QUICKLY = 7
    NO_NEED_FOUND_QUICKLY = 8
    HELP_COMPLETED = 9
    HELP_DECLINED = 10
    STEPPED_UP = 11
    NO_NEED_FOUND = 12
    TO_EARLY_HELP = 13
    NEED_FOUND = 14
    NEED_FOUND_URGENT = 15
    NEED_LASTS = 16
    NEED_MET = 17
    STEPPED_DOWN = 18
    ENQUIRY_BEGAN = 19
    ENQUIRY_ENDED = 20
    CONFERENCE_NO_PLAN = 21
    PROTECTION_BEGAN = 22
    PLAN_REVIEWED = 23
    PROTECTION_ENDED = 24
    PRE_PROCEEDINGS_BEGAN = 25
    PRE_PROCEEDINGS_ENDED = 26
    INTO_CARE = 27
    CARE_SETTLED = 28
    RETURNED_HOME = 29
    HOME_SETTLED = 30
    ADOPTED = 31
    SPECIAL_GUARDIANSHIP = 32
    TO_ANOTHER_AUTHORITY = 33
    FORGOTTEN = 34
    LEFT_CARE = 35
    LEFT_CARE_WITHOUT_WORK = 36
    WORK_FOUND = 37
    WORK_LOST = 38
    HOME_FOUND = 39
    HOME_LOST = 40
    MOVED_AWAY = 41
    DIED = 42
    TURNED_18 = 43
    TURNED_22 = 44


# A move that is not here leaves the child where it is; `HOMES_AND_WORK` says where those of care leavers lead.
LEADS_TO: dict[Move, State] = {
    Move.HELP_OFFERED: State.WAITING,
    Move.EARLY_HELP_BEGAN: State.EARLY_HELP,
    Move.OFFER_LAPSED: State.KNOWN_BEFORE,
    Move.REFERRED: State.ASSESSMENT,
    Move.REFERRAL_CLOSED: State.KNOWN_BEFORE,
    Move.NEED_FOUND_QUICKLY: State.IN_NEED,
    Move.NO_NEED_FOUND_QUICKLY: State.KNOWN_BEFORE,
    Move.HELP_COMPLETED: State.UNIVERSAL,
    Move.HELP_DECLINED: State.KNOWN_BEFORE,
    Move.STEPPED_UP: State.ASSESSMENT,
    Move.NO_NEED_FOUND: State.KNOWN_BEFORE,
    Move.TO_EARLY_HELP: State.WAITING,
    Move.NEED_FOUND: State.IN_NEED,
    Move.NEED_FOUND_URGENT: State.ENQUIRY,
    Move.NEED_LASTS: State.IN_NEED_LASTING,
    Move.NEED_MET: State.KNOWN_BEFORE,
    Move.STEPPED_DOWN: State.WAITING,
    Move.ENQUIRY_BEGAN: State.ENQUIRY,
    Move.ENQUIRY_ENDED: State.IN_NEED_LASTING,
    Move.CONFERENCE_NO_PLAN: State.IN_NEED_LASTING,
    Move.PROTECTION_BEGAN: State.PROTECTION,
    Move.PLAN_REVIEWED: State.PROTECTION_REVIEWED,
    Move.PROTECTION_ENDED: State.IN_NEED_LASTING,
    Move.PRE_PROCEEDINGS_BEGAN: State.PRE_PROCEEDINGS,
    Move.PRE_PROCEEDINGS_ENDED: State.PROTECTION_REVIEWED,
    Move.INTO_CARE: State.CARE,
    Move.CARE_SETTLED: State.CARE_SETTLED,
    Move.RETURNED_HOME: State.RETURNED_HOME,
    Move.HOME_SETTLED: State.IN_NEED_LASTING,
    Move.ADOPTED: State.GONE,
    Move.SPECIAL_GUARDIANSHIP: State.KNOWN_BEFORE,
    Move.TO_ANOTHER_AUTHORITY: State.GONE,
    Move.FORGOTTEN: State.UNIVERSAL,
    Move.LEFT_CARE: State.LEAVER_SETTLED,
    Move.LEFT_CARE_WITHOUT_WORK: State.LEAVER_WITHOUT_WORK,
    Move.MOVED_AWAY: State.GONE,
    Move.DIED: State.GONE,
    Move.TURNED_18: State.GONE,
    Move.TURNED_22: State.GONE,
}
HOMES_AND_WORK: dict[tuple[State, Move], State] = {
    (State.LEAVER_SETTLED, Move.WORK_LOST): State.LEAVER_WITHOUT_WORK,
    (State.LEAVER_SETTLED, Move.HOME_LOST): State.LEAVER_WITHOUT_HOME,
    (State.LEAVER_WITHOUT_WORK, Move.WORK_FOUND): State.LEAVER_SETTLED,
    (State.LEAVER_WITHOUT_WORK, Move.HOME_LOST): State.LEAVER_WITHOUT_BOTH,
    (State.LEAVER_WITHOUT_HOME, Move.HOME_FOUND): State.LEAVER_SETTLED,
    (State.LEAVER_WITHOUT_HOME, Move.WORK_LOST): State.LEAVER_WITHOUT_BOTH,
    (State.LEAVER_WITHOUT_BOTH, Move.HOME_FOUND): State.LEAVER_WITHOUT_WORK,
    (State.LEAVER_WITHOUT_BOTH, Move.WORK_FOUND): State.LEAVER_WITHOUT_HOME,
}


def lands(state: State, move: Move) -> State:
    """Say where a move leads a child who stands in a state.

    Examples
    --------
    >>> lands(State.IN_NEED, Move.ENQUIRY_BEGAN).name, lands(State.IN_NEED, Move.CONTACT).name
    ('ENQUIRY', 'IN_NEED')
    """
    return HOMES_AND_WORK.get((state, move), LEADS_TO.get(move, state))


ON_A_PLAN = (State.PROTECTION, State.PROTECTION_REVIEWED, State.PRE_PROCEEDINGS)
IN_CARE = (State.CARE, State.CARE_SETTLED)
LEAVERS = (
    State.LEAVER_SETTLED,
    State.LEAVER_WITHOUT_WORK,
    State.LEAVER_WITHOUT_HOME,
    State.LEAVER_WITHOUT_BOTH,
)
# A plan under s.17 runs here: also while somebody enquires, and after a return home.
IN_NEED_PLAN = (State.IN_NEED, State.IN_NEED_LASTING, State.ENQUIRY, State.RETURNED_HOME)
# The case is open from the referral on.
OPEN = (State.ASSESSMENT, *IN_NEED_PLAN, *ON_A_PLAN, *IN_CARE)
# What a record shows as a referral; a child may also come straight into care.
REFERRALS = (
    Move.REFERRED,
    Move.REFERRAL_CLOSED,
    Move.STEPPED_UP,
    Move.NEED_FOUND_QUICKLY,
    Move.NO_NEED_FOUND_QUICKLY,
)

# The rung of the ladder that a state stands for, as records can show it; an assessment is none yet.
RUNGS: dict[State, Rung] = {
    **dict.fromkeys(State, Rung.UNIVERSAL),
    State.EARLY_HELP: Rung.EARLY_HELP,
    **dict.fromkeys(IN_NEED_PLAN, Rung.CHILD_IN_NEED),
    **dict.fromkeys(ON_A_PLAN, Rung.CHILD_PROTECTION),
    **dict.fromkeys(IN_CARE, Rung.LOOKED_AFTER),
}

# How much a service brings need down where help works; a plan does more than early help.
HELP_GIVEN: dict[State, float] = {
    State.EARLY_HELP: 1.6,
    State.IN_NEED: 1.3,
    State.IN_NEED_LASTING: 1.3,
    State.ENQUIRY: 1.3,
    State.RETURNED_HOME: 1.3,
    State.PROTECTION: 1.6,
    State.PROTECTION_REVIEWED: 1.6,
    State.PRE_PROCEEDINGS: 1.6,
    State.CARE: 1.6,
    State.CARE_SETTLED: 1.6,
}
# An intensive service (Rapid Response, Therapy Team, Integrated Family Support, Edge of Care) adds half as much again.
INTENSIVE = 1.5
