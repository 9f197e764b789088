"""Where a child can stand, what can happen in a month, and where that leads.

Words only: how likely each is stands in `services`.
"""

from __future__ import annotations

from enum import IntEnum

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
    NEED_FOUND_QUICKLY = 27
    NO_NEED_FOUND_QUICKLY = 28


# A move that is not here leaves the child where it is.
LEADS_TO: dict[Move, State] = {
    Move.EARLY_HELP_BEGAN: State.EARLY_HELP,
    Move.REFERRED: State.ASSESSMENT,
    Move.REFERRAL_CLOSED: State.KNOWN_BEFORE,
    Move.HELP_COMPLETED: State.UNIVERSAL,
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
    Move.NEED_FOUND_QUICKLY: State.IN_NEED,
    Move.NO_NEED_FOUND_QUICKLY: State.KNOWN_BEFORE,
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
