"""Shares that are no measures of a score: of children offered help, recorded, overruled. Small ones are withheld here.

Everything beside the audit of a score (access, recording, people's decisions) ends as `Share`s and leaves through
`shown_shares`, so that small numbers are decided in the one place that decides them for the audit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from training.audit.disclosure.figures import SUPPRESSED, Gate
from training.audit.disclosure.suppression import LEAST, withhold
from training.audit.groups import Group
from training.audit.statistics.estimate import Estimate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from training.audit.disclosure.suppression import Withheld
    from training.audit.settings import Disclosure
    from training.audit.statistics.estimate import Outcome


@dataclass(frozen=True)
class Share:
    """One share in one group, before anything is withheld.

    Parameters
    ----------
    attribute, group
        The characteristic and its value: both None for everybody; `group` alone None where it is not recorded.
    measure
        What is counted, such as a step of a path. Groups of one measure and attribute add up to everybody.
    children, counted
        Distinct children in the denominator, and those of them in the numerator.
    outcome
        The share; `training.audit.statistics.intervals.rate` makes it from counts by cluster.
    beside
        Other numbers on the same children, such as a standardised ratio: withheld with the share.
    """

    attribute: str | None
    group: str | None
    measure: str
    children: int
    counted: int
    outcome: Outcome
    beside: Mapping[str, Outcome] = field(default_factory=dict)


def shown_shares(shares: Sequence[Share], disclosure: Disclosure) -> list[dict[str, Any]]:
    """Give shares as they may be shown.

    Parameters
    ----------
    shares
        For each measure that of everybody and those of all groups, so that each line adds up.
    disclosure
        Who will read them.

    Returns
    -------
    list of dict
        In the order given: `attribute`, `group`, `measure`, `share`, and one figure for each of `beside`.
    """
    hidden = {measure: _withheld(shares, measure, disclosure) for measure in {each.measure for each in shares}}
    return [_entry(each, Gate(hidden[each.measure], disclosure)) for each in shares]


def _withheld(shares: Sequence[Share], measure: str, disclosure: Disclosure) -> Withheld:
    """Decide what is withheld of one measure."""
    return withhold([_as_group(each) for each in shares if each.measure == measure], disclosure)


def _as_group(share: Share) -> Group:
    """See a share as a group of which some have the outcome."""
    return Group(
        attributes=() if share.attribute is None else (share.attribute,),
        values=() if share.attribute is None else (share.group,),
        n=share.children,
        children=share.children,
        cells={"tp": share.counted, "fn": 0, "fp": share.children - share.counted, "tn": 0},
        among={
            "outcome": share.counted,
            "no outcome": share.children - share.counted,
            "flagged": share.children,
            "not flagged": 0,
        },
        measures={"prevalence": share.outcome},
    )


def _entry(share: Share, gate: Gate) -> dict[str, Any]:
    """Give one share and what stands beside it."""
    group = _as_group(share)
    is_hidden = gate.reason(group, "prevalence") is not None
    others = {
        name: dict(SUPPRESSED) if is_hidden or _is_small(outcome, gate) else gate.shown(outcome, is_rate=False)
        for name, outcome in share.beside.items()
    }
    name = {"attribute": share.attribute, "group": share.group, "measure": share.measure}
    return name | {"share": gate.figure(group, "prevalence")} | others


def _is_small(outcome: Outcome, gate: Gate) -> bool:
    """Say whether what stands beside a share rests on fewer rows than may be shown, since strata drop out."""
    if not isinstance(outcome, Estimate):
        return False
    if gate.disclosure == "internal":
        return outcome.n < LEAST["internal"]
    return outcome.n < LEAST["published"] or 0 < min(outcome.k, outcome.n - outcome.k) < LEAST["published"]
