"""One line of the log and its hash. Pure: no database, no clock.

The hash is the SHA-256 of the line as canonical JSON (keys sorted, no spaces, UTF-8, times in UTC to the
microsecond), which holds the hash of the line before; so no line can be changed, taken out or put in between
without every later hash changing.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from features.vocabulary.errors import IntegrityError, WrongUsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

GENESIS: Final = "0" * 64
"""What stands before the first line."""


@dataclass(frozen=True)
class Entry:
    """A decision as it is hashed.

    Parameters
    ----------
    position
        From 1, without gaps.
    shown_sha256
        Of the answer and its inputs as the person saw them.
    previous_hash
        Of the line before; `GENESIS` for the first.
    """

    position: int
    score_id: str
    shown_sha256: str
    decision: str
    reason: str
    note: str | None
    family_view: str | None
    decided_by: str
    role: str
    decided_at: datetime
    previous_hash: str


@dataclass(frozen=True)
class Head:
    """How many lines a log has, and the hash of its newest."""

    count: int
    hash: str

    def __str__(self) -> str:
        return f"{self.count}:{self.hash}"


@dataclass(frozen=True)
class Kept:
    """A line as it is kept: with the hash that was written, and that of the shown score as it is now."""

    entry: Entry
    entry_hash: str
    shown_sha256_now: str


def hash_of(entry: Entry) -> str:
    """Give a line's hash.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    content = {
        **asdict(entry),
        "decided_at": entry.decided_at.astimezone(UTC).isoformat(timespec="microseconds"),
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return sha256(canonical.encode()).hexdigest()


def parse_head(text: str) -> Head:
    """Read `COUNT:HASH`.

    Examples
    --------
    >>> parse_head("3:" + "ab" * 32).count
    3
    >>> parse_head("three")
    Traceback (most recent call last):
    ...
    features.vocabulary.errors.WrongUsageError: That is not COUNT:HASH, as in 12:9f86d0…
    Hint: Give what verify-log printed: a number, a colon and 64 hexadecimal digits.
    """
    count, _, digits = text.partition(":")
    if not (count.isascii() and count.isdecimal()) or len(digits) != 64 or set(digits) - set("0123456789abcdef"):
        raise WrongUsageError(
            "That is not COUNT:HASH, as in 12:9f86d0…",
            hint="Give what verify-log printed: a number, a colon and 64 hexadecimal digits.",
        )
    return Head(int(count), digits)


def verify_chain(lines: Iterable[Kept], *, expect: Head | None = None) -> Head:
    """Follow the chain from its first line.

    Parameters
    ----------
    lines
        All of them, by position.
    expect
        What the head was at an earlier time; the log may have grown since, and must still hold that line.

    Returns
    -------
    Head
        Of the log as it is.

    Raises
    ------
    IntegrityError
        At the first line that is missing, was changed or does not follow; or when the expected line is not in
        the log.
    """
    head = Head(0, GENESIS)
    is_met = expect is None or expect == head
    for kept in lines:
        _check_line(kept, after=head)
        head = Head(kept.entry.position, kept.entry_hash)
        is_met = is_met or head == expect
    if expect is not None and not is_met:
        raise IntegrityError(
            f"The log holds {head.count} entries, and entry {expect.count} is not the one expected.",
            hint="Lines were taken out or written anew since that head was printed; compare with a backup.",
        )
    return head


def _check_line(kept: Kept, *, after: Head) -> None:
    entry = kept.entry
    follows = entry.position == after.count + 1 and entry.previous_hash == after.hash
    if not follows or hash_of(entry) != kept.entry_hash:
        raise IntegrityError(
            f"The log is broken at entry {after.count + 1}: it was changed, taken out or put in.",
            hint="Keep the database as it is, and compare it with a backup.",
        )
    if kept.shown_sha256_now != entry.shown_sha256:
        raise IntegrityError(
            f"The score that entry {entry.position} decided on is not what was shown then.",
            hint="Keep the database as it is, and compare it with a backup.",
        )
