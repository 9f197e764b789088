"""What a source is, told by what it holds: a database, one file, or a folder of files of any kinds.

A file is told by its first bytes, a table of text by its headers; a name is asked only where they say nothing. Each
kind of source in a folder is read by its own reader, and the optional `ext_` tables may lie beside any of them.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from features.sources.annex_a.opening import looks_like_workbook
from features.sources.annex_a.reading import read_annex_a
from features.sources.cin_census.reading import looks_like_cin_census, read_cin_census
from features.sources.database.reading import is_database_url, read_database
from features.sources.dfe_api.reading import looks_like_dfe_api, read_dfe_api
from features.sources.raw import Kind, RawTables
from features.sources.ssd import recognise as recognise_ssd
from features.sources.ssda903.reading import from_903, recognise_903
from features.sources.text_files import UnreadableFileError, read_table
from features.sources.wales.reading import from_returns, recognise_return
from features.vocabulary.errors import WrongUsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import polars as pl

# The first bytes of a file tell what it is; a census names its collection within them.
HEAD = 8_192
TEXT_SUFFIXES = (".csv", ".txt", ".tsv", ".parquet")
# What lies about in folders and begins as a workbook does.
NO_SOURCE = (".zip", ".docx", ".pptx", ".odt", ".doc", ".ppt", ".msg", ".db")
OPTIONAL = "ext_"
UNRECOGNISED = (
    "the file is none that can be read: not an SSD table, an Annex A workbook, a CIN census, an SSDA903 file, a Welsh "
    "return or a DfE API file"
)
_WHOLE: tuple[tuple[Callable[[bytes], bool], Callable[[Path], RawTables]], ...] = (
    (looks_like_workbook, read_annex_a),
    (looks_like_cin_census, read_cin_census),
    (looks_like_dfe_api, read_dfe_api),
)


@dataclass(frozen=True)
class TextTable:
    """One file of rows and columns, as it was read.

    Parameters
    ----------
    file
        Its name.
    table
        What it holds: a table of the standard, a file of the SSDA903 set, or a Welsh return.
    """

    file: str
    table: str
    frame: pl.DataFrame
    headers: tuple[str, ...]
    sha256: str


def require_source(source: str | Path) -> None:
    """Refuse a source that is not there, before anything slower is asked.

    Raises
    ------
    WrongUsageError
        When it is neither the address of a database nor a folder or file that exists.
    """
    if is_database_url(str(source)):
        return
    path = Path(source)
    if not str(source).strip() or not (path.is_dir() or path.is_file()):
        raise WrongUsageError(
            f"There is no source of records at {str(source)!r}.",
            hint="Give a folder of SSD tables, an Annex A workbook, a CIN census file, a folder of SSDA903 files, "
            "a DfE API file, or a database URL.",
        )


def read_source(source: str | Path, *, columns: Mapping[str, Sequence[str]]) -> list[RawTables]:
    """Read everything that a source holds.

    Parameters
    ----------
    source
        A database URL, a file, or a folder: its own files are read, folders in it are not.
    columns
        The columns that are wanted of each table, for a database.

    Returns
    -------
    list of RawTables
        One for each kind of source that was found, in the order of `Kind`; never empty.

    Raises
    ------
    WrongUsageError
        When there is no such source.
    OutOfReachError
        When a database does not answer.
    """
    require_source(source)
    if is_database_url(str(source)):
        return [read_database(str(source), tables=columns)]
    path = Path(source)
    files = _files_of(path)
    tables: dict[Kind, list[TextTable]] = defaultdict(list)
    unread: list[str] = []
    problems: list[str] = []
    whole, rest = _read_whole(files, problems)
    for file in rest:
        _read_text(file, tables, unread=unread, problems=problems)
    if path.is_file():
        _leave_neighbours(path, tables, unread)
        if path.name in unread:
            problems.append(UNRECOGNISED)
    found = [*whole, *_by_kind(tables, problems)]
    first = RawTables(Kind.ssd, {}) if not found else found[0]
    first = replace(first, unread=(*first.unread, *unread), problems=(*first.problems, *problems))
    return sorted([first, *found[1:]], key=lambda raw: list(Kind).index(raw.kind))


def _files_of(path: Path) -> list[Path]:
    """List the files to look at: those of a folder; or one file, with the optional tables that lie beside it."""
    if path.is_dir():
        # A link that leads nowhere is no folder to leave alone: its file was meant to be read.
        return sorted(
            file
            for file in path.iterdir()
            if (file.is_file() or (file.is_symlink() and not file.exists())) and not file.name.startswith(".")
        )
    beside = sorted(path.absolute().parent.glob(f"{OPTIONAL}*"))
    tables = (file for file in beside if file.suffix.lower() in TEXT_SUFFIXES and file.is_file())
    return [path, *(file for file in tables if not file.samefile(path))]


def _leave_neighbours(path: Path, tables: dict[Kind, list[TextTable]], unread: list[str]) -> None:
    """Leave out what lies beside one file and is no optional table: nobody asked for it."""
    for kind in tables:
        tables[kind] = [t for t in tables[kind] if t.file == path.name or t.table.startswith(OPTIONAL)]
    unread[:] = [name for name in unread if name == path.name]


def _read_whole(files: Iterable[Path], problems: list[str]) -> tuple[list[RawTables], list[Path]]:
    """Read the files that are a source each, and give the others; of two of one kind nobody can say which is meant."""
    whole: list[RawTables] = []
    rest: list[Path] = []
    for file in files:
        head = b"" if file.suffix.lower() in NO_SOURCE else _head(file)
        read = next((read for is_one, read in _WHOLE if is_one(head)), None)
        if read is None:
            rest.append(file)
            continue
        raw = read(file)
        if any(raw.kind is held.kind for held in whole):
            problems.append(f"{file.name}: is a second source of one kind; leave in the folder the one that is meant")
            continue
        whole.append(raw)
    return whole, rest


def _head(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(HEAD)
    except OSError:
        return b""


def _read_text(file: Path, tables: dict[Kind, list[TextTable]], *, unread: list[str], problems: list[str]) -> None:
    """Read one file of rows and columns and put it where it belongs."""
    if file.suffix.lower() not in TEXT_SUFFIXES:
        unread.append(file.name)
        return
    try:
        content = file.read_bytes()
        frame, headers = read_table(file, content)
    except OSError as broken:
        problems.append(f"{file.name}: the file cannot be opened ({type(broken).__name__})")
        return
    except UnreadableFileError as broken:
        problems.append(f"{file.name}: the file does not parse: {broken}")
        return
    found = _recognise(file.stem, frame.columns)
    if found is None:
        unread.append(file.name)
        return
    kind, table = found
    same = next((held for held in tables[kind] if held.table == table), None)
    if same is not None:
        problems.append(f"{file.name}: holds {table}, which another file of the folder holds too")
        return
    tables[kind].append(TextTable(file.name, table, frame, headers, hashlib.sha256(content).hexdigest()))


def _recognise(stem: str, headers: list[str]) -> tuple[Kind, str] | None:
    tellers: tuple[tuple[Kind, str | None], ...] = (
        (Kind.ssda903, recognise_903(headers)),
        (Kind.wales, recognise_return(headers)),
        (Kind.ssd, recognise_ssd(stem, headers)),
    )
    return next(((kind, table) for kind, table in tellers if table is not None), None)


def _by_kind(tables: Mapping[Kind, list[TextTable]], problems: list[str]) -> Iterable[RawTables]:
    """Read each set of files as its kind of source."""
    for kind, held in tables.items():
        if not held:
            continue
        frames = {text.table: text.frame for text in held}
        if kind is Kind.ssd:
            is_optional = all(table.startswith(OPTIONAL) for table in frames)
            yield RawTables(
                Kind.ssd,
                frames,
                hashes={text.table: text.sha256 for text in held},
                headers={text.table: text.headers for text in held},
                can_hold=frozenset(frames) if is_optional and not problems else None,
            )
        else:
            raw = from_903(frames) if kind is Kind.ssda903 else from_returns(frames)
            yield replace(raw, hashes=dict.fromkeys(raw.tables, _sha256_of(held)))


def _sha256_of(held: list[TextTable]) -> str:
    """Give one digest of a set of files, in the order of what they hold."""
    return hashlib.sha256("".join(text.sha256 for text in sorted(held, key=lambda t: t.table)).encode()).hexdigest()
