"""A child in need census, as the XML that an authority returns to the Department for Education.

Read by expat as a stream: one child's elements are kept at a time. Elements are known by their local names, whatever
namespace a case system wrote. A document type is refused before anything it declares: that is how entities that grow
without end, or fetch other files, come in. What the elements mean stands in `tables`.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import IO, TYPE_CHECKING, Any
from xml.parsers import expat

from features.sources.cin_census.tables import CANNOT_GIVE, KNOWN, LAYOUT, TOLD, Node, gather_child
from features.sources.nested import Gathered, RefusedFileError, read_or_refuse, refuse_endless_child
from features.sources.raw import Kind, RawTables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROOT = "Message"
CHILD, HEADER = "Child", "CollectionDetails"
# No collection nests deeper than Message, Children, Child, CINdetails, ChildProtectionPlans, Reviews, CPPreviewDate.
DEEPEST = 32
# Systems write 31 December 9999 for no date.
LAST_REFERENCE_DATE = date(2100, 1, 1)
CHUNK = 256 * 1024

_HAS_ROOT = re.compile(r"<(\w+:)?Message[\s>]")
_COLLECTION = re.compile(r"<(?:\w+:)?Collection>\s*(\w+)")
_HAS_CHILDREN = re.compile(r"<(\w+:)?(CINdetails|ChildIdentifiers)[\s>/]")


def looks_like_cin_census(head: bytes) -> bool:
    """Tell a census by its first few KiB, whatever the file is called.

    Parameters
    ----------
    head
        The first bytes of a file.

    Examples
    --------
    >>> looks_like_cin_census(b"<Message><Header><CollectionDetails><Collection>CIN</Collection>")
    True
    >>> looks_like_cin_census(b"<Message><Header><CollectionDetails><Collection>CLA</Collection>")
    False
    """
    is_utf_16 = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = head.decode("utf-16" if is_utf_16 else "utf-8-sig", errors="replace")
    if not text.lstrip().startswith("<") or not _HAS_ROOT.search(text):
        return False
    collection = _COLLECTION.search(text)
    return collection[1].upper().startswith("CIN") if collection else bool(_HAS_CHILDREN.search(text))


def read_cin_census(path: Path) -> RawTables:
    """Read a census of any collection from 2017 to 2026.

    Parameters
    ----------
    path
        An XML file.

    Returns
    -------
    RawTables
        Ten tables, and the reference date as the extract's day; or the problem, and no table.
    """
    census = _Census()
    digest, problems = read_or_refuse(path, census.read)
    tables = {} if problems else census.gathered.tables()
    return RawTables(
        Kind.cin_census,
        tables,
        hashes=dict.fromkeys(tables, digest),
        problems=problems,
        can_hold=frozenset(LAYOUT),
        cannot_give=CANNOT_GIVE,
        told=() if problems else census.gathered.told(TOLD),
        extract_day=None if problems else census.reference_date,
    )


class _Census:
    """What was read of one file so far."""

    def __init__(self) -> None:
        self.gathered = Gathered(LAYOUT)
        self.reference_date: date | None = None
        self.n_episodes: Counter[str] = Counter()

    def read(self, file: IO[bytes]) -> None:
        walk = _Walk()
        try:
            for name, node in _records(file, walk):
                if name == CHILD:
                    gather_child(node, self.gathered, n_episodes=self.n_episodes)
                else:
                    self._read_header(node)
        except expat.ExpatError as broken:
            raise RefusedFileError(f"is not well-formed XML at line {broken.lineno}; was it cut off?") from None
        except (ValueError, LookupError):
            raise RefusedFileError("is in an encoding that cannot be read; UTF-8 always can") from None
        if not walk.n_children:
            raise RefusedFileError("is XML, but holds no child as a census writes one")
        self.gathered.counts["unknown"] += walk.n_unknown

    def _read_header(self, details: Node) -> None:
        collection, day = (details.get(name, [None])[0] for name in ("Collection", "ReferenceDate"))
        if isinstance(collection, str) and not collection.upper().startswith("CIN"):
            raise RefusedFileError("is the return of another collection than the child in need census")
        try:
            stated = date.fromisoformat(str(day)[:10])
        except ValueError:
            stated = date.max
        if stated < LAST_REFERENCE_DATE:
            self.reference_date = stated
        else:
            self.gathered.counts["no_reference_date"] += 1


def _records(file: IO[bytes], walk: _Walk) -> Iterator[tuple[str, Node]]:
    """Give the header and each child as soon as they end."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = walk.begins
    parser.EndElementHandler = walk.ends
    parser.CharacterDataHandler = walk.says
    n_bytes = 0
    while chunk := file.read(CHUNK):
        parser.Parse(chunk, False)
        n_bytes = 0 if walk.ended else n_bytes + len(chunk)
        refuse_endless_child(n_bytes)
        ended, walk.ended = walk.ended, []
        yield from ended
    parser.Parse(b"", True)
    yield from walk.ended


def _refuse_doctype(*_: Any) -> None:
    raise RefusedFileError("declares entities or a document type of its own; a census needs none, and it is refused")


class _Walk:
    """Builds each child's record as expat meets its elements; outside of records it keeps none."""

    def __init__(self) -> None:
        self.ended: list[tuple[str, Node]] = []
        self.n_children = self.n_unknown = 0
        self._n_around = 0
        self._open: list[Node | None] = []
        self._text: list[str] = []

    def begins(self, name: str, _attributes: object) -> None:
        local = name.rpartition(":")[2]
        if len(self._open) + self._n_around == DEEPEST:
            raise RefusedFileError(f"nests elements more than {DEEPEST} deep, as no census does")
        if self._open:
            self._open.append(None)
            self._text.clear()
            if local not in KNOWN:
                self.n_unknown += 1
        elif self._n_around == 0 and local != ROOT:
            raise RefusedFileError(f"is XML, but its outermost element is not {ROOT}")
        elif local in (CHILD, HEADER):
            self._open.append({})
        else:
            self._n_around += 1

    def says(self, text: str) -> None:
        if self._open:
            self._text.append(text)

    def ends(self, name: str) -> None:
        if not self._open:
            self._n_around -= 1
            return
        node = self._open.pop()
        local = name.rpartition(":")[2]
        if not self._open:
            self.n_children += local == CHILD
            self.ended.append((local, node or {}))
            return
        around = self._open[-1]
        if around is None:
            around = self._open[-1] = {}
        around.setdefault(local, []).append(node or "".join(self._text).strip() or None)
        self._text.clear()
