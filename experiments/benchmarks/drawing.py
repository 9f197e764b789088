"""How the benchmarks' pictures look; matplotlib draws them, and the same figures give the same bytes."""

from __future__ import annotations

from typing import Any

INK = "#1b2a3a"
MUTED = "#5b6b7a"

STYLE: dict[str, Any] = {
    # why: without a salt the ids in the file are random, and without text as text it cannot be searched
    "svg.hashsalt": "earlyhelp",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
