"""What differs between authorities: how often services act, and who lives there.

The published figures that set a value stand on the line above it. Everything else of the mechanism is the same
everywhere and stands beside the code that uses it.
"""

from __future__ import annotations

from dataclasses import dataclass
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
    contact
        Contacts with children's services, times England's.
    enquiry
        Section 47 enquiries, times England's.
    care
        Entries into care, times England's.
    disabled_share
        Share of children with a recorded disability.
    ethnicity
        Share of children by code of the census list; sums to 1.
    postcode_area
        Two letters that no real postcode begins with.
    """

    name: str
    contact: float
    enquiry: float
    care: float
    disabled_share: float
    ethnicity: Mapping[str, float]
    postcode_area: str


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
    shares = {code: group * part / total for group, codes in groups for code, part in codes.items()}
    return MappingProxyType(shares)


PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        "england": Profile(
            name="england",
            contact=1.0,
            enquiry=1.0,
            care=1.0,
            disabled_share=0.025,
            # Children in need at 31 March 2020 by ethnic group, of those known: DfE, Children in need.
            ethnicity=_mix(white=71.7, mixed=8.8, asian=7.4, black=8.6, other=3.4),
            postcode_area="QE",
        ),
        "wales": Profile(
            name="wales",
            contact=1.0,
            # On the register per 10,000, Wales 41.5 (2021) beside England 40.6 (2025): Welsh Government; DfE.
            enquiry=1.02,
            # Looked after per 10,000, Wales 116.3 (2022-23) beside England 67 (2025): Welsh Government; DfE.
            care=1.74,
            disabled_share=0.03,
            # No verified figure of Welsh children by ethnic group is held; the mix is ours.
            ethnicity=_mix(white=91.0, mixed=3.5, asian=3.2, black=1.3, other=1.0),
            postcode_area="QW",
        ),
        "newport": Profile(
            name="newport",
            contact=1.0,
            # As Wales: no figure of Newport's own is held.
            enquiry=1.02,
            # Looked after per 10,000, Newport 106 (2021) beside England 67 (2025): Gwent Partnership Board; DfE.
            care=1.58,
            disabled_share=0.03,
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
