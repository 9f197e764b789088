"""A table of which an audit has all that a page can show: what is missing, withheld, pooled."""

from __future__ import annotations

import numpy as np
import polars as pl

from training.audit import AuditSettings

ASKED = AuditSettings(
    "outcome", "score", ("colour", "shape"), capacity=0.2, child="child", tolerance={"tpr": 0.1}, intersections=2,
    reference={"colour": "red"},
)  # fmt: skip


def drawn_table(rows: int = 900) -> pl.DataFrame:
    random = np.random.default_rng(7)
    colour = random.choice(["red", "blue", "green", ""], rows, p=[0.5, 0.3, 0.1, 0.1])
    shape, score = random.choice(["o", "x"], rows), random.random(rows)
    shape[:3] = "tiny"
    drawn = {"child": np.arange(rows) // 2, "colour": colour, "shape": shape, "score": score}
    return pl.DataFrame(drawn | {"outcome": random.random(rows) < score * 0.5})
