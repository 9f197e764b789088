"""What differs between authorities: how often services act, and who lives there.

The published figures that set a value stand on the line above it. Everything else of the mechanism is the same
everywhere and stands beside the code that uses it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from features.vocabulary.errors import WrongUsageError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Profile:
    """One invented authority.

    Parameters
    ----------
    name
        As given to `--profile`.
    contact, early_help, enquiry, care, closing, plan_ends, leaving, adoption, places
        Factors on chances of a month: contacts, offers of early help, section 47 enquiries, entries into care, closing
        of cases, endings of protection plans, ways out of care, adoptions, places in early help that come free.
    heard_of
        How many times as often somebody calls about a child who was known not long ago.
    referral, need_found, conference
        Added to the log-odds that a contact becomes a referral, that an assessment finds need, that an enquiry
        reaches a conference.
    disabled_share
        Share of children with a disability.
    unaccompanied
        Share of families, as `families` counts them, that are a young person who arrives alone.
    placed_outside
        Share of looked-after children who live outside the authority.
    intensive
        How far intensive services reach, from 0 to 1.
    ethnicity
        Share of children by code of the census list; sums to 1.
    postcode_area
        Two letters that no real postcode begins with.
    planted
        What was planted, with its size (`planted`); nothing unless asked for.
    """

    name: str
    contact: float
    early_help: float
    heard_of: float
    referral: float
    need_found: float
    enquiry: float
    conference: float
    care: float
    closing: float
    plan_ends: float
    leaving: float
    adoption: float
    places: float
    disabled_share: float
    unaccompanied: float
    placed_outside: float
    intensive: float
    ethnicity: Mapping[str, float]
    postcode_area: str
    planted: Mapping[str, float] = field(default_factory=dict)


def _mix(*, white: float, mixed: float, asian: float, black: float, other: float) -> Mapping[str, float]:
    """Share broad groups out over codes; within a group the split is ours."""
    groups = (
        (white, {"WBRI": 0.91, "WOTH": 0.07, "WIRI": 0.01, "WROM": 0.007, "WIRT": 0.003}),
        (mixed, {"MWBC": 0.33, "MOTH": 0.30, "MWAS": 0.20, "MWBA": 0.17}),
        (asian, {"APKN": 0.36, "AOTH": 0.27, "ABAN": 0.18, "AIND": 0.16, "CHNE": 0.03}),
        (black, {"BAFR": 0.60, "BOTH": 0.22, "BCRB": 0.18}),
        (other, {"OOTH": 1.0}),
    )
    total = white + mixed + asian + black + other
    return {code: group * part / total for group, codes in groups for code, part in codes.items()}


_ENGLAND = Profile(
    name="england",
    contact=0.943,
    early_help=1.08,
    heard_of=2.25,
    referral=0.834,
    need_found=0.75,
    enquiry=1.13,
    conference=-0.055,
    care=0.901,
    closing=1.24,
    plan_ends=0.881,
    leaving=0.854,
    adoption=0.599,
    places=1.0,
    disabled_share=0.0372,
    unaccompanied=0.00518,
    # Placed outside the authority's boundary: 44% (England 2025, DfE).
    placed_outside=0.44,
    intensive=0.5,
    # Children in need at 31 March 2020 by ethnic group, of those known: DfE, Children in need.
    ethnicity=_mix(white=71.7, mixed=8.8, asian=7.4, black=8.6, other=3.4),
    postcode_area="QE",
)
PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        "england": _ENGLAND,
        "wales": replace(
            _ENGLAND,
            name="wales",
            care=1.3,
            # No verified figure of Welsh children by ethnic group is held; the mix is ours.
            ethnicity=_mix(white=91.0, mixed=3.5, asian=3.2, black=1.3, other=1.0),
            postcode_area="QW",
        ),
        "newport": replace(
            _ENGLAND,
            name="newport",
            care=1.3,
            # No verified figure of Newport's children by ethnic group is held; the mix is ours.
            ethnicity=_mix(white=81.0, mixed=4.5, asian=9.0, black=3.0, other=2.5),
            postcode_area="QN",
        ),
    }
)


def profile_named(name: str) -> Profile:
    """Give a profile by its name.

    Raises
    ------
    WrongUsageError
        When there is no such profile.

    Examples
    --------
    >>> profile_named("wales").postcode_area
    'QW'
    """
    if name not in PROFILES:
        raise WrongUsageError(
            "There is no profile of that name.", hint=f"Choose one of: {', '.join(sorted(PROFILES))}."
        )
    return PROFILES[name]
