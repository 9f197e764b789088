"""Looking at a workbook before it is opened: is it one, is it whole, and will it fit.

What opens workbooks lays a sheet out from its first cell to its last, and makes room for as many texts as a workbook
says it has. One stray cell at the far end of a sheet, or one wrong count, asks for more memory than there is, and that
ends the program, not the reading. So both are looked for first. Nothing here knows a list or keeps a cell.
"""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# A workbook of 20,000 children unpacks to 18 MB; a list as long as Excel allows to about 1.5 GB.
MOST_UNPACKED = 2 * 1024**3
# Excel's own sheets shrink 5 to 30 times; DEFLATE can do 1,000. Small files are let be, for they cannot do harm.
MOST_SHRUNK, SMALL = 150, 64 * 1024**2
# Excel's 1,048,576 rows of the widest list (33 columns), and a few columns more; 24 bytes each when laid out.
MOST_CELLS = 40_000_000

_CHUNK = 1024**2
# Cells and rows so far down or to the right that they could matter: from row 10,000, from column AA.
_FAR = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{2,3}\d+|[A-Za-z]?\d{5,})["']""")
_NEAR_ROWS, _LETTERS = 9_999, 26
_MANY = re.compile(rb"""ount\s*=\s*["']0*(\d{8,})""")


class UnopenableError(Exception):
    """A workbook that must not be opened; the message says why, without a cell. Caught by the reader."""


def looks_like_workbook(head: bytes) -> bool:
    """Say whether a file's first bytes are those of a workbook, of today (.xlsx) or of old (.xls).

    Parameters
    ----------
    head
        The first eight bytes or more.
    """
    return head.startswith((ZIP, OLE))


def require_openable(path: Path) -> None:
    """Refuse what is no workbook, is not whole, is protected, or unpacks to more than any workbook needs.

    Raises
    ------
    UnopenableError
        With the reason.
    """
    with path.open("rb") as file:
        if file.read(len(OLE)) == OLE:
            raise UnopenableError("it is an old .xls workbook or has a password: save it as .xlsx without a password")
    try:
        with zipfile.ZipFile(path) as packed:
            _require_workbook(packed.infolist())
            for member in packed.infolist():
                _require_fitting(_tags(packed, member))
    except UnopenableError:
        raise
    except Exception:  # whatever the bytes, zipfile's dozen kinds of error mean the same here
        raise UnopenableError("it is not a workbook, or not the whole of one: save it as .xlsx once more") from None


def _require_workbook(members: list[zipfile.ZipInfo]) -> None:
    names = {member.filename for member in members}
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise UnopenableError("it is a workbook of another kind: save it as .xlsx")
    if "xl/workbook.xml" not in names:
        raise UnopenableError("it is not a workbook: save the lists as .xlsx")
    if any(member.flag_bits & 1 for member in members):
        raise UnopenableError("it has a password: save it without one")
    unpacked, packed = sum(m.file_size for m in members), sum(m.compress_size for m in members)
    if unpacked > MOST_UNPACKED or (unpacked > SMALL and unpacked > MOST_SHRUNK * packed):
        raise UnopenableError("it unpacks to far more than eleven lists need: copy the lists into a new workbook")


def _tags(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Give a member's bytes in pieces that end between tags; zipfile holds it to the size and sum that it states."""
    kept = b""
    with packed.open(member) as file:
        while chunk := file.read(_CHUNK):
            piece = kept + chunk
            end = piece.rfind(b"<")
            if end < 0 or len(piece) - end > _CHUNK:
                end = len(piece)  # no tag is that long
            yield piece[:end]
            kept = piece[end:]
    yield kept


def _require_fitting(pieces: Iterator[bytes]) -> None:
    """Refuse a sheet whose last cell lies so far off that laying it out would not fit, and a count that would not."""
    last_row, last_column = _NEAR_ROWS, _LETTERS
    for piece in pieces:
        for far in set(_FAR.findall(piece)):
            letters = far.rstrip(b"0123456789")
            last_row = max(last_row, int(far[len(letters) :] or 0))
            last_column = max(last_column, _place(letters))
        if last_row * last_column > MOST_CELLS:
            raise UnopenableError(
                "a sheet has a cell far outside its list: delete the empty rows below and the columns to the right"
            )
        if any(int(count) > MOST_CELLS for count in _MANY.findall(piece)):
            raise UnopenableError("it says it has more texts than a workbook can hold: save it as .xlsx once more")


def _place(letters: bytes) -> int:
    """Count a column's letters: A is 1, AA is 27."""
    place = 0
    for letter in letters.upper():
        place = place * _LETTERS + letter - ord("A") + 1
    return place
