"""Groups that are withheld, measured together: what a reader could work out from totals is said, and no more.

A group of three children takes another group's figures with it, so that nobody can subtract. The two together are
large enough to be shown, and are what everybody less the shown groups are anyway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from training.audit.counts.counting import Division, blocks_of
from training.audit.counts.measures import rates_at, rows_where, scored
from training.audit.counts.tallies import tally
from training.audit.disclosure.figures import SUPPRESSED
from training.audit.groups import group_of
from training.audit.settings import MEASURES

if TYPE_CHECKING:
    from training.audit.disclosure.figures import Gate
    from training.audit.groups import Measured
    from training.audit.intake import Sample


def withheld_together(sample: Sample, measured: Measured, gate: Gate) -> list[dict[str, Any]]:
    """Measure, for each characteristic, the groups that are withheld whole as one.

    Parameters
    ----------
    sample
        All rows.
    measured
        All groups.
    gate
        What is withheld.

    Returns
    -------
    list of dict
        For each characteristic with at least two such groups: `attribute`, `groups` (their values) and every measure. A
        measure is shown only where it is of every other group of the characteristic: else it would give one back.
    """
    found = []
    for name, column in sample.groups.items():
        groups = [group for group in measured.singles if group.attributes == (name,)]
        hidden = [at for at, group in enumerate(groups) if gate.hides_size(group)]
        if len(hidden) > 1:
            is_hidden = np.isin(column.codes, hidden)
            counts = tally(Division(is_hidden.astype(np.int64), 2), blocks_of(sample, sample.thresholds))
            measures = rates_at(counts, sample.main)[1] | scored(rows_where(sample, is_hidden))
            together = group_of(((), ()), counts.of(1), sample.main, measures)
            others = [group for at, group in enumerate(groups) if at not in hidden]
            open_gate = gate.opened_for(together)
            entry: dict[str, Any] = {"attribute": name, "groups": [groups[at].values[0] for at in hidden]}
            for measure in MEASURES:
                may_show = all(gate.is_shown(group, measure) for group in others)
                entry[measure] = open_gate.figure(together, measure) if may_show else dict(SUPPRESSED)
            found.append(entry)
    return found
