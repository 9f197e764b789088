"""What `earlyhelp audit` was asked on the command line, and what it then does: a table, or a file of cells."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from features.vocabulary.errors import WrongUsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from training.audit import Audit

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
        By name, as given; `reference` still as texts.
    """

    file: Path | None
    from_cells: Path | None
    against: Path | None
    out: Path
    tolerance: Path | None
    settings: Mapping[str, Any]


def run_audit(asked: Asked, *, say: Callable[[str], None]) -> None:
    """Audit what was asked for, write the files, and say where they are and what came out.

    Raises
    ------
    WrongUsageError
        When the command line does not fit together; and as `audit_file` and `audit_cells_file`.
    """
    from training.audit.files_out import require_place_for

    tolerance = {} if asked.tolerance is None else tolerances_of(asked.tolerance)
    if asked.file is None and asked.from_cells is None:
        raise WrongUsageError(
            "There is nothing to audit.", hint="Give a table, or --from-cells and the cells.parquet of an audit."
        )
    if asked.file is not None and asked.from_cells is not None:
        raise WrongUsageError("Give either a table or --from-cells, not both.", hint="Leave one of them out.")
    if asked.settings["threshold"] is not None and asked.settings["capacity"] is not None:
        raise WrongUsageError("Give one of --threshold and --capacity, not both.", hint="Leave one of them out.")
    require_place_for(asked.out)
    if asked.from_cells is not None:
        audit = _from_cells(asked, asked.from_cells, tolerance)
    else:
        assert asked.file is not None
        audit = _from_table(asked, asked.file, tolerance)
    say(f"Written: {asked.out / 'audit.html'}; {what_came_out(audit)}.")


def what_came_out(audit: Audit) -> str:
    """Count the comparisons that were judged, by verdict."""
    judged = [verdict.verdict for verdict in audit.verdicts if verdict.tolerance is not None]
    if not judged:
        return "nothing was judged, as no tolerance was given"
    of_all = f"of {len(judged)} comparison{'s' if len(judged) > 1 else ''}"
    return (
        f"{of_all}: {judged.count('outside')} outside the tolerance, {judged.count('within')} within it, "
        f"{judged.count('cannot tell')} for which the numbers cannot tell"
    )


def _from_table(asked: Asked, file: Path, tolerance: dict[str, float]) -> Audit:
    """Audit a table."""
    from training.audit import AuditSettings, audit_file

    missing = [OF_A_TABLE[name] for name in NEEDED if not asked.settings[name]]
    if missing:
        raise WrongUsageError(f"The audit of a table needs {', '.join(missing)}.", hint="earlyhelp audit --help")
    if asked.settings["threshold"] is None and asked.settings["capacity"] is None:
        raise WrongUsageError(
            "The audit of a table needs a cut-off.",
            hint="Give one of --threshold and --capacity: who is flagged, by a score or by a share of the rows.",
        )
    given = {**asked.settings, "reference": references_of(asked.settings["reference"])}
    return audit_file(file, AuditSettings(**given, tolerance=tolerance), asked.out, against=asked.against)


def _from_cells(asked: Asked, cells: Path, tolerance: dict[str, float]) -> Audit:
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
    return audit_cells_file(cells, wanted, asked.out)


def references_of(texts: Sequence[str]) -> dict[str, str]:
    """Read `A=v` each: one pair a text, since a group's name may hold a comma.

    Examples
    --------
    >>> references_of(["sex=F", "ethnic_group=Black, African, Caribbean"])
    {'sex': 'F', 'ethnic_group': 'Black, African, Caribbean'}
    """
    pairs = [(name.strip(), value.strip()) for name, _, value in (text.partition("=") for text in texts)]
    if not all(name and value for name, value in pairs):
        raise WrongUsageError("A reference is a column and one of its groups.", hint="Write --reference sex=female.")
    if len(dict(pairs)) < len(pairs):
        raise WrongUsageError("A column has two references.", hint="Give --reference once for each column.")
    return dict(pairs)


def tolerances_of(path: Path) -> dict[str, float]:
    """Read a TOML file of measures and their largest gaps."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        if all(type(gap) in (int, float) for gap in content.values()):  # a truth value is an int too, and no size
            return {measure: float(gap) for measure, gap in content.items()}
        said = "what stands there is not a bare number for each measure"
    except OSError:
        said = "there is no such file, or it may not be read"
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        said = "the file is no TOML in UTF-8"
    except OverflowError:
        said = "a number is too large"
    raise WrongUsageError(
        f"The tolerances could not be read: {said}.",
        hint="Give a TOML file of lines such as: tpr = 0.1",
    )
