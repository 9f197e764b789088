"""What fairlearn and aequitas say of tables: JSON in, JSON out; runs in `.venv-peers`, where nothing of ours is."""

from __future__ import annotations

import json
import sys
from itertools import combinations
from typing import Any

import pandas as pd
from aequitas.group import Group
from fairlearn import metrics as fair
from sklearn.metrics import average_precision_score, brier_score_loss, precision_score, roc_auc_score


def npv(y_true: Any, y_pred: Any) -> float:
    """Of the rows that are not flagged, the share without the outcome: precision of the other class."""
    return float(precision_score(y_true, y_pred, pos_label=0))


def prevalence(y_true: Any, y_pred: Any) -> float:
    """Give the share with the outcome: the selection rate, were the outcomes the flags."""
    return float(fair.selection_rate(y_true, y_true))


OF_FLAGS = {
    "prevalence": prevalence,
    "selection_rate": fair.selection_rate,
    "tpr": fair.true_positive_rate,
    "fpr": fair.false_positive_rate,
    "fnr": fair.false_negative_rate,
    "tnr": fair.true_negative_rate,
    "precision": precision_score,
    "npv": npv,
    "n": fair.count,
}
OF_SCORES = {"auc": roc_auc_score, "average_precision": average_precision_score}
OF_PROBABILITIES = {"brier": brier_score_loss}
OF_AEQUITAS = {
    "selection_rate": "pprev",
    "tpr": "tpr",
    "fpr": "fpr",
    "fnr": "fnr",
    "tnr": "tnr",
    "precision": "precision",
    "npv": "npv",
    "prevalence": "prev",
    "n": "group_size",
    "tp": "tp",
    "fp": "fp",
    "fn": "fn",
    "tn": "tn",
}


def by_group(table: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Flatten a frame by group; the values of two characteristics are joined by a star."""
    names = ["*".join(key) if isinstance(key, tuple) else key for key in table.index]
    return {name: {m: float(table[m].iloc[at]) for m in table.columns} for at, name in enumerate(names)}


def of_fairlearn(table: pd.DataFrame, attributes: list[str], *, has_probabilities: bool) -> dict[str, Any]:
    """Measure with MetricFrame: flags, then scores."""
    groups = table[attributes]
    flags = fair.MetricFrame(
        metrics=OF_FLAGS, y_true=table["outcome"], y_pred=table["flagged"], sensitive_features=groups
    )
    of_scores = OF_SCORES | (OF_PROBABILITIES if has_probabilities else {})
    scores = fair.MetricFrame(
        metrics=of_scores, y_true=table["outcome"], y_pred=table["score"], sensitive_features=groups
    )
    frames = [flags, scores]
    found: dict[str, Any] = {"by_group": by_group(pd.concat([frame.by_group for frame in frames], axis=1))}
    for name in ("group_min", "group_max", "difference", "ratio"):
        found[name] = {m: float(v) for frame in frames for m, v in getattr(frame, name)().items()}
    found["overall"] = {m: float(v) for frame in frames for m, v in frame.overall.items()}
    return found


def of_aequitas(table: pd.DataFrame, attributes: list[str], threshold: float) -> dict[str, dict[str, float]]:
    """Measure with the crosstabs of aequitas at a threshold; of a pair it is given the joined values."""
    name = "*".join(attributes)
    given = table[["outcome", "score"]].assign(**{name: table[attributes].agg("*".join, axis=1)})
    crosstabs, _ = Group().get_crosstabs(
        given, score_thresholds={"score_val": [threshold]}, attr_cols=[name], label_col="outcome"
    )
    rows = crosstabs.set_index("attribute_value")[list(OF_AEQUITAS.values())]
    return by_group(rows.set_axis(list(OF_AEQUITAS), axis=1))


def at_thresholds(table: pd.DataFrame, attribute: str, thresholds: list[float]) -> list[dict[str, dict[str, float]]]:
    """Measure one characteristic with aequitas at every threshold."""
    return [of_aequitas(table, [attribute], threshold) for threshold in thresholds]


def where_some_have_no_group(table: pd.DataFrame, attribute: str) -> dict[str, Any]:
    """Say what each does where the group of some rows is missing: why one refuses, how many rows the other counts."""
    try:
        fair.MetricFrame(
            metrics=fair.count, y_true=table["outcome"], y_pred=table["flagged"], sensitive_features=table[attribute]
        )
        refusal = None
    except ValueError as error:
        refusal = str(error)
    crosstabs, _ = Group().get_crosstabs(
        table[["outcome", "flagged", attribute]], attr_cols=[attribute], score_col="flagged", label_col="outcome"
    )
    return {"fairlearn_refuses": refusal, "aequitas_counts": int(crosstabs["group_size"].sum())}


def answer(case: dict[str, Any]) -> dict[str, Any]:
    """Measure one case: its characteristics, its pairs, and its first one with its missing values."""
    attributes = list(case["groups"])
    table = pd.DataFrame(case["groups"], dtype=object).assign(outcome=case["outcome"], score=case["score"])
    table["flagged"] = (table["score"] >= case["threshold"]).astype(int)
    missing = where_some_have_no_group(table, attributes[0])
    table[attributes] = table[attributes].fillna(case["missing"])
    asked = [[name] for name in attributes] + [list(pair) for pair in combinations(attributes, 2)]
    is_probability = bool(table["score"].between(0, 1).all())
    return {
        "fairlearn": {"*".join(a): of_fairlearn(table, a, has_probabilities=is_probability) for a in asked},
        "aequitas": {"*".join(a): of_aequitas(table, a, case["threshold"]) for a in asked},
        "at_thresholds": at_thresholds(table, attributes[0], case["thresholds"]),
        "missing": missing,
    }


if __name__ == "__main__":
    json.dump({name: answer(case) for name, case in json.load(sys.stdin).items()}, sys.stdout)
