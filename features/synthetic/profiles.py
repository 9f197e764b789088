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
    hardship_per_decile
        How much harder life is, in standard deviations, from one tenth of neighbourhoods by deprivation to the next.
    abuse_share
        Share of entries into care, without those who arrive alone, whose main need is abuse or neglect.
    disability_need_share
        Share of children with a disability whose case is about it.
    disabled_share
        Share of children with a disability.
    unaccompanied
        Share of families, as `families` counts them, that are a young person who arrives alone.
    neglect_weight
        How often neglect is a protection plan's category, as a weight beside those of the others.
    changes_a_year
        Changes of home a year of a looked-after child.
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
    hardship_per_decile: float
    abuse_share: float
    disability_need_share: float
    disabled_share: float
    unaccompanied: float
    neglect_weight: float
    changes_a_year: float
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
    contact=1.05,
    early_help=1.11,
    heard_of=1.83,
    referral=1.13,
    need_found=0.802,
    enquiry=1.16,
    conference=-0.102,
    care=0.0947,
    closing=0.982,
    plan_ends=0.841,
    leaving=1.04,
    adoption=0.531,
    places=1.0,
    # Rates of care rise by 31% to 33% from each tenth to the next (England 2015, Child Welfare Inequalities Project).
    hardship_per_decile=0.2,
    # 57% of all who start, of whom 22% arrive alone (England 2025, DfE).
    abuse_share=0.73,
    disability_need_share=0.65,
    disabled_share=0.0411,
    unaccompanied=0.00523,
    # Neglect is the first category of 50.5% of plans (England 2020, DfE).
    neglect_weight=43.5,
    # Three homes or more in a year: 10% of looked-after children (England 2025, DfE).
    changes_a_year=0.47,
    # Placed outside the authority's boundary: 44% (England 2025, DfE).
    placed_outside=0.44,
    intensive=0.5,
    # Between children in need (71.7, 8.8, 7.4, 8.6, 3.4 of 2020) and looked-after children who did not arrive alone
    # (2025): one mix has to serve both, since nothing here depends on ethnicity. DfE.
    ethnicity=_mix(white=74.4, mixed=9.7, asian=5.8, black=7.5, other=2.6),
    postcode_area="QE",
)
_WALES = replace(
    _ENGLAND,
    name="wales",
    contact=1.07,
    early_help=1.15,
    heard_of=1.62,
    referral=1.33,
    need_found=0.716,
    enquiry=1.59,
    conference=0.272,
    care=0.16,
    closing=1.63,
    plan_ends=0.881,
    leaving=0.745,
    adoption=0.473,
    # Rates of care rise by 36%, of registration by 42% (Wales 2015, Child Welfare Inequalities Project).
    hardship_per_decile=0.185,
    # 54.4% of all who start (Wales 2023-24, Welsh Government).
    abuse_share=0.625,
    # More children are counted as disabled (22% of those in need beside 14%, NSPCC 2014), fewer only for that.
    disability_need_share=0.4,
    disabled_share=0.123,
    unaccompanied=0.00323,
    # Neglect is the category of 43% of registrations (Wales 2015, Welsh Government).
    neglect_weight=28.0,
    # Three homes or more in a year: 9% of looked-after children (Wales 2022-23, CoramBAAF).
    changes_a_year=0.54,
    # In the home authority: 65.6% (Wales 2023-24, Welsh Government).
    placed_outside=0.344,
    # No verified figure of Welsh children by ethnic group is held; the mix is ours.
    ethnicity=_mix(white=91.0, mixed=3.5, asian=3.2, black=1.3, other=1.0),
    postcode_area="QW",
)
PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        "england": _ENGLAND,
        "wales": _WALES,
        "newport": replace(
            _WALES,
            name="newport",
            # As Wales but for what is known of Newport: 106 looked after per 10,000 (2021, Gwent Partnership Board) ...
            care=0.143,
            # ... of whom 33.5% live outside the authority (2020, South Wales Argus).
            placed_outside=0.335,
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
