"""The whole model's explanation, drawn with shap from exact contributions: which indicators move scores most.

Only means over many children are drawn; no child is a point in the picture. shap takes seconds to import and is
imported inside the function; serving never draws this.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from training.registry.released import ReleasedModel, values_of

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SHOWN = 20


def draw_explanation(model: ReleasedModel, rows: pl.DataFrame, path: Path) -> None:
    """Draw the mean size of each indicator's contribution.

    Parameters
    ----------
    model
        Its contributions are exact, on the margin.
    rows
        Children of the test day.
    path
        An SVG file; the same rows give the same bytes.
    """
    with warnings.catch_warnings():
        # shap 0.50 sets colour maps the way that matplotlib 3.11 will drop, while it is imported.
        warnings.filterwarnings("ignore", category=PendingDeprecationWarning, module=r"shap\.")
        import matplotlib
        import shap
    from matplotlib.figure import Figure

    base, given = model.contributions(rows)
    told = shap.Explanation(
        values=given,
        base_values=np.full(len(given), base),
        data=values_of(rows, model.indicators),
        feature_names=list(model.indicators),
    )
    figure = Figure(figsize=(9, 8), layout="constrained")
    with matplotlib.rc_context({"svg.hashsalt": "earlyhelp"}):
        axes = figure.subplots()
        shap.plots.bar(told, max_display=SHOWN, show=False, ax=axes)
        axes.set_xlabel("Mean size of the contribution, either way")
        figure.savefig(path, format="svg", metadata={"Date": None})
