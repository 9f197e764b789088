"""Reading an audit's aggregate file back: the same groups and rates, exactly, without a row of anybody.

Rates at every threshold of the file are those of the rows. Measures of ranking and calibration are worked out from
score bins, each row standing at its bin's mean score, and are marked as binned; their intervals are widened by the
design effects that the file keeps.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from features.vocabulary.errors import UnusableRecordsError, WrongUsageError
from training.audit.counts.cells import ABOUT, CELLS_VERSION, SCHEMA
from training.audit.counts.measures import Rows, rates_at, scored, together_of
from training.audit.counts.tallies import AMONG, CELLS, Others, Tally
from training.audit.groups import EVERYONE_ELSE, REFERENCE, Against, Group, Key, Measured, group_of
from training.audit.settings import COMPARED, MEASURES, RATES, SCORED, AuditSettings, check_settings
from training.audit.statistics.calibration import log_odds
from training.audit.statistics.estimate import Outcome, Undefined

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from training.audit.about import About
    from training.audit.settings import Disclosure
    from training.audit.statistics.estimate import IntArray

Lines = dict[Key, dict[str, list[dict[str, Any]]]]
"""By group and kind, its lines."""


@dataclass(frozen=True)
class CellsAsked:
    """What may be asked anew of an aggregate file; all else is as it was.

    Parameters
    ----------
    threshold, capacity
        The cut-off, one of the file's; both None for its own.
    tolerance, disclosure
        As in `AuditSettings`.
    """

    threshold: float | None = None
    capacity: float | None = None
    tolerance: Mapping[str, float] = field(default_factory=dict)
    disclosure: Disclosure = "internal"


def settings_of(kept: Mapping[str, Any], asked: CellsAsked) -> AuditSettings:
    """Give the settings of an audit from its aggregate file.

    Raises
    ------
    WrongUsageError
        With every problem at once.
    """
    is_own = asked.threshold is None and asked.capacity is None
    settings = AuditSettings(
        outcome=kept["outcome"],
        score=kept["score"],
        groups=tuple(kept["groups"]),
        threshold=kept["threshold"] if is_own else asked.threshold,
        capacity=kept["capacity"] if is_own else asked.capacity,
        score_kind=kept["score_kind"],
        cluster=kept["cluster"],
        child=kept["child"],
        reference=kept["reference"],
        tolerance=asked.tolerance,
        intersections=kept["intersections"],
        disclosure=asked.disclosure,
    )
    check_settings(settings, settings.columns())
    return settings


def read_cells(path: Path) -> tuple[pl.DataFrame, dict[str, Any]]:
    """Read an aggregate file.

    Raises
    ------
    WrongUsageError
        When there is no such file, or it was written for publication and so holds no line.
    UnusableRecordsError
        When it is no aggregate file of an audit, or of another version.
    """
    if not path.is_file():
        raise WrongUsageError("The file of cells does not exist.", hint="Give the cells.parquet of an audit.")
    try:
        about: dict[str, Any] = json.loads(pl.read_parquet_metadata(path)[ABOUT])
        lines = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError, KeyError, ValueError):
        about, lines = {}, pl.DataFrame()
    if about.get("cells_version") != CELLS_VERSION or lines.schema != pl.Schema(SCHEMA):
        raise UnusableRecordsError(
            "The file is no aggregate file of an audit of this version.",
            hint="Give the cells.parquet that `earlyhelp audit` wrote beside audit.json, or write it again.",
        )
    if lines.is_empty():
        raise WrongUsageError(
            "The file of cells holds nothing: it was written with published disclosure.",
            hint="Use the file of an internal audit; --disclosure published may be asked for again.",
        )
    return lines, about


def main_of(about: Mapping[str, Any], *, threshold: float | None, capacity: float | None) -> int:
    """Find the cut-off that is asked for among the file's thresholds; its own when none is.

    Raises
    ------
    WrongUsageError
        When rates at that cut-off are not in the file.
    """
    thresholds: list[float] = about["thresholds"]
    if capacity is not None and capacity != about["capacity"]:
        threshold = dict(map(tuple, about["shares"])).get(capacity, math.nan)
    if threshold is None:
        return int(about["main"])
    if threshold not in thresholds:
        raise WrongUsageError(
            "The file of cells has no counts at this cut-off.",
            hint=f"Its own capacity, {', '.join(f'{share:g}' for share, _ in about['shares'])}, or one of its "
            f"thresholds: {', '.join(f'{each:.6g}' for each in thresholds)}.",
        )
    return thresholds.index(threshold)


def measured_of(lines: pl.DataFrame, about: About, kept: Mapping[str, Any], settings: AuditSettings) -> Measured:
    """Build the groups of an audit from its aggregate file.

    Parameters
    ----------
    lines
        As `read_cells` gave them.
    about
        What is known of the audit, with the cut-off asked for.
    kept
        As `read_cells` gave it: mean scores of the bins, crossings that were left out.
    settings
        Names groups and references, as the audit did.
    """
    by_group: Lines = defaultdict(lambda: defaultdict(list))
    for line in lines.iter_rows(named=True):
        attributes = tuple(line["attribute"].split("*")) if line["attribute"] else ()
        by_group[attributes, tuple(line["values"])][line["kind"]].append(line)
    scores = np.array(kept["bin_scores"])
    groups = {key: _group(key, kinds, about, scores) for key, kinds in by_group.items()}
    total = groups[(), ()]
    singles = [group for group in groups.values() if len(group.attributes) == 1]
    beside = [_with_others(group, (total, groups), by_group, about, scores, settings) for group in singles]
    crossed = [group for group in groups.values() if len(group.attributes) > 1]
    return Measured(total, tuple(beside), tuple(crossed), tuple(tuple(each) for each in kept["left_out"]))


def _group(key: Key, kinds: Mapping[str, list[dict[str, Any]]], about: About, scores: Any) -> Group:
    """Build one group."""
    if kinds["group"][0]["is_withheld"]:
        nothing: dict[str, Outcome] = {name: Undefined("withheld when the file was written") for name in MEASURES}
        return Group(
            *key,
            n=0,
            children=0,
            cells=dict.fromkeys(CELLS, 0),
            among=dict.fromkeys(AMONG, 0),
            measures=nothing,
            was_withheld=True,
        )
    rates = kinds["rates"]
    counts = Tally(
        cells=_laid(rates, "cells"),
        products=_laid(rates, "products", square=True).astype(np.float64),
        clusters=_laid(rates, "clusters"),
        children=np.array([kinds["group"][0]["children"]]),
        children_in=_laid(rates, "children_in"),
        children_among=_laid(rates, "children_among"),
    )
    effects = {line["measure"]: (line["design_effect"], line["n_clusters"]) for line in kinds["scored"]}
    found = _binned(_laid(kinds["bins"], "bins"), scores, about, effects)
    return group_of(key, counts, about.main, rates_at(counts, about.main)[0] | found)


def _laid(lines: Sequence[Mapping[str, Any]], column: str, *, square: bool = False) -> IntArray:
    """Lay a column of lists out as an array of one set; shape (1, thresholds, …)."""
    found = np.array([[line[column] for line in lines]], dtype=np.int64)
    return found.reshape(1, len(lines), 4, 4) if square else found


def _binned(bins: IntArray, scores: Any, about: About, effects: Mapping[str, tuple[float, int]]) -> dict[str, Outcome]:
    """Work measures of ranking and calibration out from bins; one without a design effect was undefined."""
    each = np.repeat(scores, bins.reshape(-1, 2).sum(axis=1))
    rows = Rows(
        outcome=np.tile([False, True], scores.size).repeat(bins.ravel()),
        score=each,
        cluster=np.arange(bins.sum()),
        cluster_ids=np.arange(bins.sum()),
        log_odds=log_odds(each) if about.score_kind == "probability" else None,
    )
    found = scored(rows)
    return {name: _widened(outcome, effects.get(name)) for name, outcome in found.items()}


def _widened(outcome: Outcome, effect: tuple[float, int] | None) -> Outcome:
    """Widen the interval of a binned estimate as the clusters of the rows did."""
    if isinstance(outcome, Undefined):
        return outcome
    if effect is None:
        return Undefined("too few rows or clusters when the file was written")
    design, clusters = effect
    narrow, value, factor = outcome.limits, outcome.value, math.sqrt(design / outcome.design_effect)

    def limits(level: float) -> tuple[float, float]:
        low, high = narrow(level)
        return value - (value - low) * factor, value + (high - value) * factor

    return replace(
        outcome,
        clusters=clusters,
        design_effect=design,
        variance=outcome.variance * factor * factor,
        limits=limits,
        is_binned=True,
    )


def _with_others(
    group: Group,
    all_of_them: tuple[Group, Mapping[Key, Group]],
    by_group: Lines,
    about: About,
    scores: Any,
    settings: AuditSettings,
) -> Group:
    """Lay a group beside everyone else, and beside the reference."""
    total, groups = all_of_them
    if group.counts is None or total.counts is None:
        return group
    kinds = by_group[group.key]
    shared = _laid(kinds["rates"], "others_shared", square=True).astype(np.float64)
    others = Others(
        cells=total.counts.cells - group.counts.cells,
        products=total.counts.products - group.counts.products - shared - np.swapaxes(shared, -1, -2),
        clusters=_laid(kinds["rates"], "others_clusters"),
        shared=shared,
    )
    effects = {line["measure"]: (line["others_design_effect"], line["others_n_clusters"]) for line in kinds["scored"]}
    known = {name: effect for name, effect in effects.items() if effect[0] is not None}
    bins = _laid(by_group[(), ()]["bins"], "bins") - _laid(kinds["bins"], "bins")
    together = {line["measure"]: line["together"] or 0.0 for line in kinds["scored"]}
    found = [_against(group, others, _binned(bins, scores, about, known), together, about.main)]
    reference = settings.reference.get(group.attributes[0])
    other = groups.get((group.attributes, (reference,)))
    if reference is not None and group.values != (reference,) and other is not None and other.counts is not None:
        shared = _laid(kinds["rates"], "reference_shared", square=True).astype(np.float64)
        beside = Others(other.counts.cells, other.counts.products, other.counts.clusters, shared)
        together = {line["measure"]: line["reference_together"] or 0.0 for line in kinds["scored"]}
        found.append(_against(group, beside, other.measures, together, about.main, reference=reference))
    return replace(group, against=tuple(found))


def _against(
    group: Group,
    others: Others,
    measured: Mapping[str, Outcome],
    together: Mapping[str, float],
    main: int,
    *,
    reference: str | None = None,
) -> Against:
    """Lay a group beside others."""
    assert group.counts is not None
    of_rates = {name: float(together_of(group.counts, others, name)[0, main]) for name in RATES}
    scores = {name: measured[name] for name in COMPARED if name in SCORED}
    who = EVERYONE_ELSE if reference is None else REFERENCE
    rows_in = tuple(others.cells[0, main].tolist())
    return Against(who, reference, others, rows_in, rates_at(others, main)[0] | scores, of_rates | dict(together))
