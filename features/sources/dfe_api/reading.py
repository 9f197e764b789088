"""Records as the Department for Education's API takes them: JSON, one object for each child.

Read by ijson as a stream: one child's object is kept at a time, whether the objects stand alone, in a list, in an
envelope's `children`, or one on each line. What the fields mean stands in `tables`.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import IO, TYPE_CHECKING, Any

import ijson

from features.sources.dfe_api.tables import CANNOT_GIVE, CHILD_ID, LAYOUT, TOLD, gather_child
from features.sources.nested import Gathered, RefusedFileError, read_or_refuse, refuse_endless_child
from features.sources.raw import Kind, RawTables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENVELOPE = "children"
# The API nests five deep inside a child.
DEEPEST = 32

_OF_A_CHILD = frozenset({CHILD_ID, "child_details", "health_and_wellbeing", "social_care_episodes"})
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_HAS_CHILD = re.compile(rb'"(la_child_id|child_details|social_care_episodes)"\s*:')


def looks_like_dfe_api(head: bytes) -> bool:
    """Tell such a file by its first few KiB, whatever it is called.

    Parameters
    ----------
    head
        The first bytes of a file.

    Examples
    --------
    >>> looks_like_dfe_api(b'{"la_code": 1, "children": [{"la_child_id": "C1"')
    True
    >>> looks_like_dfe_api(b'{"type": "FeatureCollection", "features": []}')
    False
    """
    return head.removeprefix(_BYTE_ORDER_MARK).lstrip()[:1] in (b"{", b"[") and bool(_HAS_CHILD.search(head))


def read_dfe_api(path: Path) -> RawTables:
    """Read children's objects in any of the arrangements that they come in.

    Parameters
    ----------
    path
        A JSON file, or one of JSON lines, in UTF-8.

    Returns
    -------
    RawTables
        Fifteen tables; or the problem, and no table.
    """
    gathered = Gathered(LAYOUT)
    digest, problems = read_or_refuse(path, lambda file: _gather(file, gathered))
    tables = {} if problems else gathered.tables()
    return RawTables(
        Kind.dfe_api,
        tables,
        hashes=dict.fromkeys(tables, digest),
        problems=problems,
        can_hold=frozenset(LAYOUT),
        cannot_give=CANNOT_GIVE,
        told=() if problems else gathered.told(TOLD),
    )


def _gather(file: IO[bytes], gathered: Gathered) -> None:
    n_episodes: Counter[str] = Counter()
    n_children = 0
    try:
        for child in _children(file):
            if isinstance(child, dict) and not _OF_A_CHILD.isdisjoint(child):
                gather_child(child, gathered, n_episodes=n_episodes)
                n_children += 1
            else:
                gathered.counts["no_object"] += 1
    # ijson's own messages repeat the text beside which they stopped; a number of thousands of digits is refused by
    # Python.
    except (ijson.JSONError, ValueError, OverflowError):
        raise RefusedFileError("is not JSON in UTF-8 from its beginning to its end; was it cut off?") from None
    if not n_children:
        raise RefusedFileError("is JSON, but holds no child as the API writes one")


def _children(file: IO[bytes]) -> Iterator[Any]:
    """Give each child's object as soon as it ends, and whatever else stands where one should."""
    file.seek(len(_BYTE_ORDER_MARK) if file.read(3) == _BYTE_ORDER_MARK else 0)
    watched, walk = _Watched(file), _Walk()
    for event, value in ijson.basic_parse(watched, multiple_values=True, use_float=True):
        if event == "map_key":
            walk.key(value)
        elif event in ("start_map", "start_array"):
            walk.begins(is_list=event == "start_array")
        else:
            ended = walk.ends() if event in ("end_map", "end_array") else value
            if walk.is_in_row():
                watched.n_bytes = 0
                if ended is not _ROW:
                    yield ended
            else:
                walk.place(ended)


_ROW: Any = object()
"""Stands for a list of children and for an envelope, whose children were given one by one."""


class _Walk:
    """Builds objects as ijson meets their parts, but for the rows in which children stand: those it never keeps."""

    def __init__(self) -> None:
        self._open: list[Any] = []
        self._keys: list[str] = []

    def is_in_row(self) -> bool:
        return not self._open or self._open[-1] is _ROW

    def key(self, name: str) -> None:
        self._keys[-1] = name

    def begins(self, *, is_list: bool) -> None:
        if len(self._open) == DEEPEST:
            raise RefusedFileError(f"nests more than {DEEPEST} deep, as the API never does")
        is_row = is_list and (not self._open or self._is_envelopes_list())
        self._open.append(_ROW if is_row else [] if is_list else {})
        self._keys.append("")

    def _is_envelopes_list(self) -> bool:
        is_outermost = len(self._open) == 1 or self._open[-2] is _ROW
        return is_outermost and isinstance(self._open[-1], dict) and self._keys[-1] == ENVELOPE

    def ends(self) -> Any:
        self._keys.pop()
        ended = self._open.pop()
        return _ROW if isinstance(ended, dict) and ended.get(ENVELOPE) is _ROW else ended

    def place(self, value: Any) -> None:
        if isinstance(self._open[-1], list):
            self._open[-1].append(value)
        else:
            self._open[-1][self._keys[-1]] = value


class _Watched:
    """A file that is refused when too much of it passes without a child."""

    def __init__(self, file: IO[bytes]) -> None:
        self.n_bytes = 0
        self._file = file

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(size)
        self.n_bytes += len(block)
        refuse_endless_child(self.n_bytes)
        return block
