"""What came out against what was required, size by size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Line = dict[str, Any]


def line_of(cell: Mapping[str, Any], must: Mapping[str, float]) -> Line:
    """Sum one cell up: its average, and the extremes of the rates at which enough are expected.

    Parameters
    ----------
    cell
        As `independent`, `clustered`, `gaps` and `scores` give them.
    must
        Of the plan.

    Returns
    -------
    dict
        Shares; None where no rate has enough expected. `sure` is half the width of the average's own interval at the
        least sure rate: 0 where nothing was drawn.
    """
    is_a_size = cell.get("effective", cell["rows"]) >= must["least_size"]
    few, many = (cell["covered"][(cell["expected"] >= must[name]) & is_a_size] for name in ("few", "many"))
    line = {name: cell[name] for name in ("what", "rows_of_a_cluster", "correlation", "clusters", "rows", "average")}
    line |= {
        "least_with_few": float(few.min()) if few.size else None,
        "least_with_many": float(many.min()) if many.size else None,
        "most_with_many": float(many.max()) if many.size else None,
        "drawn_error": 0.0 if cell["draws"] is None else float(np.sqrt(0.05 * 0.95 / cell["draws"])),
    }
    return line


def averages(lines: Iterable[Line]) -> list[Line]:
    """Average rates by kind and number of clusters, over correlations: at each size, one average."""
    sizes: dict[tuple[str, int, int], list[float]] = {}
    for line in lines:
        if line["what"] == "rate":
            sizes.setdefault((line["rows_of_a_cluster"], line["clusters"], line["rows"]), []).append(line["average"])
    return [
        {"rows_of_a_cluster": kind, "clusters": clusters, "rows": rows, "average": float(np.mean(found))}
        for (kind, clusters, rows), found in sizes.items()
    ]


def misses(lines: Sequence[Line], must: Mapping[str, float]) -> list[str]:
    """Say in words where coverage is not as required; draws may miss a pointwise limit by two of their errors."""
    found = [
        f"{_size(each)}: on average {each['average']:.1%}"
        for each in averages(lines)
        if not must["least_average"] <= each["average"] <= must["most_average"]
    ]
    for line in lines:
        slack = 2 * line["drawn_error"]
        where = f"{_size(line)}, correlation {line['correlation']:g}"
        few, least, most = (line[name] for name in ("least_with_few", "least_with_many", "most_with_many"))
        if few is not None and few < must["least_with_few"] - slack:
            found.append(f"{line['what']}, {where}: {few:.1%} at some rate with {must['few']:g} or more expected")
        if least is not None and least < must["least_with_many"] - slack:
            found.append(f"{line['what']}, {where}: {least:.1%} at some rate with {must['many']:g} or more expected")
        if most is not None and most > must["most_with_many"] + slack:
            found.append(f"{line['what']}, {where}: {most:.1%} at some rate with {must['many']:g} or more expected")
    return found


def _size(line: Mapping[str, Any]) -> str:
    return f"{line['rows']:,} rows in {line['clusters']:,} clusters ({line['rows_of_a_cluster']})"
