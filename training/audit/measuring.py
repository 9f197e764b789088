"""From rows to groups: everybody, each value of each characteristic and what two or three share, all measured.

Nothing is imputed: a child whose ethnicity is not recorded stays in the group "not recorded".
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from training.audit.counts.counting import Block, Division, blocks_of, ordered
from training.audit.counts.measures import rates_at, rows_where, scored, together_of
from training.audit.counts.tallies import Others, Tally, against_everyone_else, against_reference, tally
from training.audit.groups import EVERYONE_ELSE, REFERENCE, Against, Group, Measured, group_of
from training.audit.settings import COMPARED, RATES, SCORED
from training.audit.statistics.estimate import Estimate, settled
from training.audit.statistics.intervals import correlation

if TYPE_CHECKING:
    from training.audit.groups import Key
    from training.audit.intake import Sample
    from training.audit.settings import AuditSettings
    from training.audit.statistics.estimate import IntArray, Outcome

WORKERS = 2
"""Threads that measure groups; arrays are worked on outside Python's lock, and no figure depends on their order."""


def measure_groups(sample: Sample, settings: AuditSettings) -> Measured:
    """Measure everybody, each value of each characteristic and, when asked for, what two or three share.

    Parameters
    ----------
    sample
        All rows.
    settings
        Names characteristics, references and intersections.
    """
    blocks = blocks_of(sample, sample.thresholds)
    rows = sample.outcome.size
    counts = tally(Division(np.zeros(rows, dtype=np.int64), 1), blocks)
    sizes = range(2, (settings.intersections or 1) + 1)
    crossed = [attributes for size in sizes for attributes in combinations(settings.groups, size)]
    with ThreadPoolExecutor(WORKERS) as workers:
        total = workers.submit(
            lambda: _group(((), ()), sample, counts, np.arange(rows), rates_at(counts, sample.main)[0])
        )
        of_crossed = [workers.submit(_crossed_groups, sample, attributes, blocks) for attributes in crossed]
        singles = [
            group
            for name in sample.groups
            for group in _single_groups(sample, name, settings, (counts, blocks), workers)
        ]
        return Measured(
            total.result(), tuple(singles), tuple(group for found in of_crossed for group in found.result())
        )


def _single_groups(
    sample: Sample,
    name: str,
    settings: AuditSettings,
    of_all: tuple[Tally, list[Block]],
    workers: ThreadPoolExecutor,
) -> list[Group]:
    """Measure each value of one characteristic, beside everyone else and the reference."""
    counts_of_all, blocks = of_all
    column = sample.groups[name]
    division = Division(column.codes, len(column.values))
    counts = tally(division, blocks)
    everyone_else = against_everyone_else(counts_of_all, division, blocks, counts)
    places = _places(division)
    rates = rates_at(counts, sample.main)
    groups = list(
        workers.map(
            lambda at: _group(((name,), (column.values[at],)), sample, counts.of(at), places[at], rates[at]),
            range(division.n_sets),
        )
    )
    others = list(workers.map(lambda at: _scored_among_others(sample, column.codes, groups, at), range(len(groups))))
    beside = _against(groups, counts, everyone_else, others, sample.main)
    found = [replace(group, against=(against,)) for group, against in zip(groups, beside, strict=True)]
    reference = settings.reference.get(name)
    if reference is None:
        return found
    chosen = column.values.index(reference)
    of_reference = against_reference(chosen, division, blocks, counts)
    same = [groups[chosen].measures] * len(groups)
    beside = _against(groups, counts, of_reference, same, sample.main, reference=reference)
    return [
        group if at == chosen else replace(group, against=(*group.against, beside[at]))
        for at, group in enumerate(found)
    ]


def _scored_among_others(sample: Sample, codes: IntArray, groups: list[Group], at: int) -> dict[str, Outcome]:
    """Measure ranking and calibration among everyone else; of two groups that is the other."""
    compared = [name for name in COMPARED if name in SCORED]
    if len(groups) == 2:
        return {name: groups[1 - at].measures[name] for name in compared}
    return scored(rows_where(sample, codes != at), compared)


def _against(
    groups: list[Group],
    counts: Tally,
    others: Others,
    measured: list[dict[str, Outcome]],
    main: int,
    *,
    reference: str | None = None,
) -> list[Against]:
    """Lay each group beside others."""
    who = EVERYONE_ELSE if reference is None else REFERENCE
    rates = rates_at(others, main)
    errors = {name: together_of(counts, others, name)[:, main].tolist() for name in RATES}
    found = []
    for at, group in enumerate(groups):
        scores = {name: measured[at][name] for name in COMPARED if name in SCORED}
        together = {name: each[at] for name, each in errors.items()}
        for name, other in scores.items():
            mine = group.measures[name]
            if isinstance(mine, Estimate) and isinstance(other, Estimate):
                together[name] = correlation(mine, other)
        rows_in = tuple(others.cells[at, main].tolist())
        found.append(Against(who, reference, others.of(at), rows_in, rates[at] | scores, together))
    return found


def _crossed_groups(sample: Sample, attributes: tuple[str, ...], blocks: list[Block]) -> list[Group]:
    """Measure each combination of values that occurs."""
    columns = [sample.groups[name] for name in attributes]
    shape = [len(column.values) for column in columns]
    codes = np.ravel_multi_index([column.codes for column in columns], shape)
    occurs = np.bincount(codes, minlength=math.prod(shape)) > 0
    occurring, number = np.flatnonzero(occurs), np.cumsum(occurs) - 1
    division = Division(number[codes], occurring.size)
    counts, places = tally(division, blocks), _places(division)
    named = zip(*np.unravel_index(occurring, shape), strict=True)
    values = [tuple(column.values[int(at)] for column, at in zip(columns, one, strict=True)) for one in named]
    rates = rates_at(counts, sample.main)
    found = [_group((attributes, each), sample, counts.of(at), places[at], rates[at]) for at, each in enumerate(values)]
    return [
        replace(group, measures={name: settled(outcome) for name, outcome in group.measures.items()}) for group in found
    ]


def _places(division: Division) -> list[IntArray]:
    """Give the rows of each set, still in the order of scores."""
    order = ordered(division.codes, division.n_sets)
    return np.split(order, np.cumsum(np.bincount(division.codes, minlength=division.n_sets))[:-1])


def _group(key: Key, sample: Sample, counts: Tally, places: IntArray, rates: dict[str, Outcome]) -> Group:
    """Measure one set of rows."""
    return group_of(key, counts, sample.main, rates | scored(rows_where(sample, places)))
