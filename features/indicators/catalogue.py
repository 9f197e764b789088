"""Every indicator, in the order of the matrix's columns."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from features.indicators.assessed_needs import ASSESSED_NEEDS
from features.indicators.care_leavers import CARE_LEAVERS
from features.indicators.child_protection import CHILD_PROTECTION
from features.indicators.declaration import Domain
from features.indicators.disability import DISABILITY
from features.indicators.engagement import ENGAGEMENT
from features.indicators.exploitation import EXPLOITATION
from features.indicators.family import FAMILY
from features.indicators.help_so_far import HELP_SO_FAR
from features.indicators.help_that_worked import HELP_THAT_WORKED
from features.indicators.mental_health import MENTAL_HEALTH
from features.indicators.needs_of_child import NEEDS_OF_CHILD
from features.indicators.needs_of_parents import NEEDS_OF_PARENTS
from features.indicators.needs_rolled_up import NEEDS_ROLLED_UP
from features.indicators.own_words import OWN_WORDS
from features.indicators.past_care import PAST_CARE
from features.indicators.place import PLACE
from features.indicators.quiet_time import QUIET_TIME
from features.indicators.recording import RECORDING
from features.indicators.resilience import RESILIENCE
from features.indicators.scales import SCALES_TRAVELLED
from features.indicators.school import SCHOOL
from features.indicators.service_history import SERVICE_HISTORY
from features.indicators.shown_only import SHOWN_ONLY as SHOWN_ONLY
from features.indicators.siblings import SIBLINGS
from features.indicators.stability import STABILITY
from features.indicators.streams import tables_of
from features.indicators.timeliness import TIMELINESS
from features.vocabulary.errors import WrongUsageError

if TYPE_CHECKING:
    from features.indicators.declaration import Indicator

CATALOGUE: tuple[Indicator, ...] = (
    *SERVICE_HISTORY,
    *HELP_SO_FAR,
    *CHILD_PROTECTION,
    *PAST_CARE,
    *ASSESSED_NEEDS,
    *NEEDS_OF_CHILD,
    *NEEDS_OF_PARENTS,
    *NEEDS_ROLLED_UP,
    *EXPLOITATION,
    *MENTAL_HEALTH,
    *DISABILITY,
    *FAMILY,
    *SIBLINGS,
    *SCHOOL,
    *PLACE,
    *STABILITY,
    *TIMELINESS,
    *ENGAGEMENT,
    *OWN_WORDS,
    *HELP_THAT_WORKED,
    *QUIET_TIME,
    *CARE_LEAVERS,
    *RESILIENCE,
    *SCALES_TRAVELLED,
    *RECORDING,
)

SCORED: tuple[Indicator, ...] = tuple(one for one in CATALOGUE if not one.not_scored)
"""Those that a model may read; `SHOWN_ONLY` stand beside the catalogue, in no matrix."""

_BY_NAME = {indicator.name: indicator for indicator in CATALOGUE}
if len(_BY_NAME) != len(CATALOGUE):
    raise ValueError("two indicators have the same name")
if any(one.name in _BY_NAME for one in SHOWN_ONLY):
    raise ValueError("what is only shown has the name of an indicator that stands in the matrix")


def by_name(name: str) -> Indicator:
    """Find an indicator.

    Raises
    ------
    WrongUsageError
        When the catalogue has no indicator of that name.
    """
    if name not in _BY_NAME:
        raise WrongUsageError(
            "An indicator is asked for that the catalogue does not have.",
            hint="`earlyhelp catalogue` prints every indicator's name.",
        )
    return _BY_NAME[name]


def catalogue_lines() -> list[str]:
    """Say every indicator in words, by domain, for the terminal."""
    lines: list[str] = []
    for domain in Domain:
        lines += [*([""] if lines else []), str(domain)]
        for indicator in CATALOGUE:
            lines += _told(indicator) if indicator.domain == domain else []
    lines += ["", "Shown to the worker, never scored"]
    return lines + [line for indicator in SHOWN_ONLY for line in _told(indicator)]


def _told(indicator: Indicator) -> list[str]:
    number = 1 if indicator.unit in ("flag", "ratio") else 3
    for_families = indicator.for_families
    if indicator.not_for_families:
        for_families = f"not on a page, for {indicator.not_for_families}"
    return [
        f"  {indicator.name}  ({indicator.unit}, {indicator.polarity})",
        f"      {indicator.describe(number)}",
        f"      nought: {indicator.absent}; no value: {indicator.missing}",
        f"      families: {for_families}",
        *([f"      not scored: {indicator.not_scored}"] if indicator.not_scored else []),
        f"      evidence: {indicator.evidence}; aim: {indicator.aim}",
    ]


def catalogue_json() -> list[dict[str, Any]]:
    """Give every indicator as plain values, for `earlyhelp catalogue --json`."""
    return [
        {
            "name": indicator.name,
            "domain": str(indicator.domain),
            "about": indicator.about,
            "tables": list(tables_of(indicator.table)),
            "polarity": str(indicator.polarity),
            "monotone": indicator.monotone,
            "unit": indicator.unit,
            "window_days": indicator.window_days,
            "sentence": indicator.sentence,
            "absent": indicator.absent,
            "missing": indicator.missing,
            "missing_is_gap": indicator.missing_is_gap,
            "for_families": indicator.for_families,
            "not_for_families": indicator.not_for_families,
            "not_scored": indicator.not_scored,
            "evidence": indicator.evidence,
            "aim": str(indicator.aim),
        }
        for indicator in (*CATALOGUE, *SHOWN_ONLY)
    ]


def catalogue_text() -> str:
    """Give `catalogue_json` as text, the same bytes each time."""
    return json.dumps(catalogue_json(), indent=2, ensure_ascii=False) + "\n"
