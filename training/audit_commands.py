"""What `earlyhelp audit` was asked on the command line, and what it then does: a table, or a file of cells."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from features.vocabulary.errors import WrongUsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

OF_A_TABLE: Mapping[str, str] = {
    "outcome": "--outcome",
    "score": "--score",
    "groups": "--groups",
    "score_kind": "--score-kind",
    "cluster": "--cluster",
    "child": "--child",
    "day": "--day",
    "reference": "--reference",
    "intersections": "--intersections",
}
"""Settings that only a table can be audited with: a file of cells has its own."""

NEEDED = ("outcome", "score", "groups")


@dataclass(frozen=True)
class Asked:
    """The command line.

    Parameters
    ----------
    file, from_cells
        The table, or the aggregate file of an earlier audit: exactly one.
    against
        The last audit's `audit.json`.
    out
        Folder for the files.
    tolerance
        TOML file of the largest gap by measure.
    settings
        By name, as given; `reference` still as text.
    """

    file: Path | None
    from_cells: Path | None
    against: Path | None
    out: Path
    tolerance: Path | None
    settings: Mapping[str, Any]


def run_audit(asked: Asked) -> None:
    """Audit what was asked for and write the files.

    Raises
    ------
    WrongUsageError
        When the command line does not fit together; and as `audit_file` and `audit_cells_file`.
    """
    tolerance = {} if asked.tolerance is None else tolerances_of(asked.tolerance)
    if (asked.file is None) == (asked.from_cells is None):
        raise WrongUsageError("Give either a table or --from-cells, not both.", hint="earlyhelp audit --help")
    if asked.from_cells is not None:
        _from_cells(asked, asked.from_cells, tolerance)
    elif asked.file is not None:
        _from_table(asked, asked.file, tolerance)


def _from_table(asked: Asked, file: Path, tolerance: dict[str, float]) -> None:
    """Audit a table."""
    from training.audit import AuditSettings, audit_file

    missing = [OF_A_TABLE[name] for name in NEEDED if not asked.settings[name]]
    if missing:
        raise WrongUsageError(f"The audit of a table needs {', '.join(missing)}.", hint="earlyhelp audit --help")
    given = {**asked.settings, "reference": references_of(asked.settings["reference"])}
    audit_file(file, AuditSettings(**given, tolerance=tolerance), asked.out, against=asked.against)


def _from_cells(asked: Asked, cells: Path, tolerance: dict[str, float]) -> None:
    """Audit again from a file of cells."""
    from training.audit import CellsAsked, audit_cells_file

    given = [option for name, option in OF_A_TABLE.items() if asked.settings[name]]
    if given or asked.against is not None:
        refused = ", ".join([*given, *(["--against"] if asked.against is not None else [])])
        raise WrongUsageError(
            f"A file of cells has its own columns and groups; not allowed beside it: {refused}.",
            hint="Beside --from-cells give --threshold or --capacity, --tolerance, --disclosure and --out.",
        )
    names = ("threshold", "capacity", "disclosure")
    wanted = CellsAsked(tolerance=tolerance, **{name: asked.settings[name] for name in names})
    audit_cells_file(cells, wanted, asked.out)


def references_of(text: str) -> dict[str, str]:
    """Read `A=v,B=w`."""
    pairs = [pair.partition("=") for pair in text.split(",") if pair.strip()]
    if not all(name.strip() and value.strip() for name, _, value in pairs):
        raise WrongUsageError("A reference is a column and one of its groups.", hint="Write --reference sex=female.")
    return {name.strip(): value.strip() for name, _, value in pairs}


def tolerances_of(path: Path) -> dict[str, float]:
    """Read a TOML file of measures and their largest gaps."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return {measure: float(gap) for measure, gap in content.items()}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError, ValueError):
        raise WrongUsageError(
            "The tolerances could not be read.", hint="Give a TOML file of lines such as: tpr = 0.1"
        ) from None
