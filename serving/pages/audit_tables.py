"""An audit's figures as tables for a page: a number never stands without its count and interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from features.vocabulary.characteristics import CHARACTERISTICS, in_order
from training.audit.report.words import counted, gap_text, share_text, value_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MEASURES: dict[str, str] = {
    "prevalence": "Moved up the ladder",
    "selection_rate": "Near the top of the list",
    "tpr": "Of those who moved up, near the top (true positive rate)",
    "precision": "Of those near the top, moved up (precision)",
    "calibration_intercept": "More moved up (above 0) or fewer (below 0) than the scores said (intercept)",
}
"""The measures on the page, in plain words; the report holds them all."""

SHARES = frozenset({"prevalence", "selection_rate", "tpr", "precision"})

NAMES: dict[str, str] = {characteristic.name: characteristic.label for characteristic in CHARACTERISTICS}


@dataclass(frozen=True)
class AuditTable:
    """One characteristic: a row for each of its groups, a cell for each of `MEASURES`."""

    name: str
    rows: tuple[tuple[str, str, tuple[str, ...]], ...]


def tables_of(audit: Mapping[str, Any]) -> tuple[AuditTable, ...]:
    """Make one table for each characteristic of an audit.

    Parameters
    ----------
    audit
        The content of `audit.json`.

    Returns
    -------
    tuple of AuditTable
        In the audit's order. A row: the group, how many children, and the measures as in `MEASURES`.
    """
    groups: Sequence[Mapping[str, Any]] = audit["groups"]
    attributes = dict.fromkeys(entry["attribute"] for entry in groups)
    return tuple(
        AuditTable(
            NAMES.get(attribute, attribute.replace("_", " ").capitalize()),
            tuple(row_of(entry) for entry in sorted(groups, key=place_of) if entry["attribute"] == attribute),
        )
        for attribute in attributes
    )


def row_of(entry: Mapping[str, Any]) -> tuple[str, str, tuple[str, ...]]:
    """Say one group: its name, its count, and its measures."""
    return (
        value_of(entry["group"]),
        count(entry["n"]),
        tuple(cell(entry[name], is_share=name in SHARES) for name in MEASURES),
    )


def verdicts_in_words(audit: Mapping[str, Any]) -> str:
    """Say how many comparisons of a group with everybody else there are, and how they came out.

    Examples
    --------
    >>> verdicts_in_words({"verdicts": [{"verdict": "within", "tolerance": 0.1}]})[:53]
    'Of 1 comparison of a group with everybody else, 0 lie'
    """
    told = [entry["verdict"] for entry in audit["verdicts"] if entry["tolerance"] is not None]
    outside, within, cannot = (told.count(verdict) for verdict in ("outside", "within", "cannot tell"))
    return (
        f"Of {counted(len(told), 'comparison')} of a group with everybody else, {outside} lie outside the tolerance, "
        f"{within} within it, and for {cannot} the numbers cannot tell."
    )


def count(number: Any) -> str:
    """Say a count; a small one is withheld.

    Examples
    --------
    >>> count(1204), count({"suppressed": True})
    ('1,204', 'withheld')
    """
    return f"{number:,}" if isinstance(number, int) else "withheld"


def cell(measure: Mapping[str, Any], *, is_share: bool) -> str:
    r"""Say one measure with its interval.

    Examples
    --------
    >>> cell({"value": 0.123, "low": 0.1, "high": 0.16}, is_share=True)
    '12% (10% to 16%)'
    >>> cell({"value": -0.2, "low": -0.31, "high": 0.04}, is_share=False)
    '\u22120.20 (\u22120.31 to +0.04)'
    >>> cell({"suppressed": True}, is_share=True)
    'withheld'
    >>> cell({"undefined": "fewer than 10 clusters"}, is_share=True)
    'cannot be said: fewer than 10 families'
    """
    if measure.get("suppressed"):
        return "withheld"
    if "undefined" in measure:
        # why: an audit of any table knows clusters; here they are families
        return f"cannot be said: {measure['undefined']}".replace("clusters", "families")
    return share_text(measure) if is_share else gap_text(measure, "calibration_intercept")


def place_of(entry: Mapping[str, Any]) -> tuple[bool, list[str | int]]:
    """Order groups: ages by their years, other names by the alphabet, what is not recorded last."""
    return entry["group"] is None, in_order(entry["group"] or "")
