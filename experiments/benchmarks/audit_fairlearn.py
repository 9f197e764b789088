"""The peer of `audit`: fairlearn's MetricFrame with bootstraps. Runs in `.venv-peers`, where nothing of ours is.

Prints one line as each step begins, as `simulation_contenders` does: seconds, KiB that the process held at most, step.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from fairlearn import metrics as fair
from sklearn.metrics import precision_score

QUANTILES = [0.025, 0.975]
NOT_RECORDED = "not recorded"
SEED = 11


def mark(step: str) -> None:
    """Print that a step begins."""
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    print(time.monotonic(), peak.split()[1], step, sep="\t", flush=True)


def npv(y_true: Any, y_pred: Any) -> float:
    """Give the share without the outcome of those not flagged."""
    return float(precision_score(y_true, y_pred, pos_label=0))


def prevalence(y_true: Any, y_pred: Any) -> float:
    """Give the share with the outcome."""
    return float(fair.selection_rate(y_true, y_true))


MEASURES = {
    "prevalence": prevalence,
    "selection_rate": fair.selection_rate,
    "tpr": fair.true_positive_rate,
    "fpr": fair.false_positive_rate,
    "fnr": fair.false_negative_rate,
    "tnr": fair.true_negative_rate,
    "precision": precision_score,
    "npv": npv,
}
"""The measures that both have."""


def measure(table: pd.DataFrame, threshold: float, characteristics: list[str], *, bootstraps: int) -> None:
    """Measure every group of some characteristics at a threshold."""
    flagged = (table["score"] >= threshold).to_numpy().astype(np.int64)
    resampled = {"n_boot": bootstraps, "ci_quantiles": QUANTILES, "random_state": SEED} if bootstraps else {}
    fair.MetricFrame(
        metrics=MEASURES,
        y_true=table["outcome"].to_numpy(),
        y_pred=flagged,
        sensitive_features=table[characteristics],
        **resampled,
    )


def main() -> None:
    """Do what the one argument asks, JSON: `file`, and `steps` of `threshold`, `bootstraps`, `characteristics`."""
    asked = json.loads(sys.argv[1])
    # Groups without a positive are usual in pairs; the peer warns of each.
    warnings.simplefilter("ignore")
    names = sorted({name for step in asked["steps"] for each in step["characteristics"] for name in each})
    table = pd.read_parquet(asked["file"], columns=["outcome", "score", *names])
    # It refuses missing groups.
    table[names] = table[names].astype(object).fillna(NOT_RECORDED)
    for place, step in enumerate(asked["steps"]):
        mark(str(place))
        for each in step["characteristics"]:
            measure(table, step["threshold"], each, bootstraps=step["bootstraps"])
    mark(str(len(asked["steps"])))


if __name__ == "__main__":
    main()
