"""Reading codes: one of an official list, or several out of JSON, whatever a case system wrapped them in.

A code that is not in its list is refused, never guessed at. What is glued to a code, such as its description or a
worker's comment, is not kept.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from features.vocabulary.codes import spellings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Keys that outcome JSON holds beside its flags: counts and free text, which are not outcomes.
_BESIDE_OUTCOMES = frozenset({"COMMENTS", "OUTCOME_COMMENTS", "TOTAL_NO_OF_OUTCOMES", "NUMBER_OF_OUTCOMES"})
_YES = frozenset({"Y", "YES", "TRUE", "T", "1", "A) YES"})
_NO = frozenset({"", "N", "NO", "FALSE", "F", "0", "B) NO"})
_KEY_NAMES, _VALUE_NAMES = ("key", "code", "factor"), ("val", "value")

_LETTERED = re.compile(r"^[A-Z]{1,2}\)\s*")
_DESCRIPTION = re.compile(r"\s*[:\u2013\u2014].*$|\s+-\s.*$", re.DOTALL)
_DECIMALS = re.compile(r"\.0+$")
_GLUED = re.compile(r"""["']([A-Za-z0-9_]{1,40})["']\s*:\s*["']?(y|yes|true|1|n|no|false|0)\b""", re.IGNORECASE)


def _unwrapped(text: str) -> Iterator[str]:
    """Give what may be the code in `q) 6: Police`, `N1 - Abuse or Neglect` or `WBRI White British`."""
    bare = _LETTERED.sub("", text.strip().upper())
    yield bare
    yield _DECIMALS.sub("", bare)
    yield _DESCRIPTION.sub("", bare)


def _first_word(text: str) -> str:
    """Give the first word when it is too long, or too odd, to be a word of a sentence; else nothing."""
    word = _LETTERED.sub("", text.strip().upper()).split(None, 1)[:1]
    return word[0] if word and (len(word[0]) > 2 or any(map(str.isdigit, word[0]))) else ""


def find_code(text: str, known: Mapping[str, str]) -> str | None:
    """Find the one code that a text names.

    Parameters
    ----------
    text
        As the source gave it.
    known
        Spellings in upper case and their codes.

    Returns
    -------
    str or None
        None where it names none.

    Examples
    --------
    >>> find_code("q) 6: Police", {"6": "6"}), find_code("police?", {"6": "6"})
    ('6', None)
    """
    for candidate in _unwrapped(text):
        if candidate in known:
            return known[candidate]
    word = _first_word(text)
    return known.get(word) if word in known.values() else None


@cache
def _known(codelist: str) -> Mapping[str, str]:
    return spellings(codelist)


def read_code(text: str, codelist: str) -> tuple[str | None, bool]:
    """Read a cell that holds one code.

    Returns
    -------
    tuple of (str or None, bool)
        The code, and whether the cell was refused.
    """
    code = find_code(text, _known(codelist))
    return code, code is None


def read_codes(text: str, codelist: str) -> tuple[str | None, bool]:
    """Read a cell that holds any number of codes, as JSON in any of its shapes or as a list with commas.

    Returns
    -------
    tuple of (str or None, bool)
        Sorted codes between bars, `||` for a list that is empty or all no, None where nothing could be read; and
        whether the cell was refused, wholly or in part (a code that is not in the list).

    Examples
    --------
    >>> read_codes('["4B", "1A"]', "assessment_factor")
    ('|1A|4B|', False)
    >>> read_codes('{"1A": "Yes", "2B": "No"}', "assessment_factor")
    ('|1A|', False)
    >>> read_codes("[]", "assessment_factor"), read_codes("see notes", "assessment_factor")
    (('||', False), (None, True))
    """
    known = _known(codelist)
    stated = _stated(text, known)
    if stated is None:
        return None, True
    found = {find_code(key, known) for key in stated}
    codes = sorted(code for code in found if code is not None)
    return (f"|{'|'.join(codes)}|" if codes or None not in found else None), None in found


def _stated(text: str, known: Mapping[str, str]) -> list[str] | None:
    """List what a cell says yes to; None where it cannot be read."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return _glued(text, known)
    if isinstance(value, (dict, list)):
        return list(_said_yes(value, known))
    return _listed(text, known)


def _said_yes(value: Any, known: Mapping[str, str]) -> Iterator[str]:
    """Walk one level of any shape: codes in an array, codes as keys, codes as values, pairs of key and value."""
    entries = value if isinstance(value, list) else [value]
    for entry in entries:
        if isinstance(entry, dict):
            yield from _keys_said_yes(entry, known)
        elif entry is not None and str(entry).strip():
            yield str(entry)


def _keys_said_yes(entry: dict[str, Any], known: Mapping[str, str]) -> Iterator[str]:
    lower = {key.strip().lower(): value for key, value in entry.items()}
    key = next((str(lower[name]) for name in _KEY_NAMES if name in lower), None)
    if key is not None and len(lower) <= 2:
        lower = {key: next((lower[name] for name in _VALUE_NAMES if name in lower), "Y")}
    for name, value in lower.items():
        if name.strip().upper() in _BESIDE_OUTCOMES:
            continue
        if _is_yes(value):
            yield name
        elif isinstance(value, str) and not _is_no(value) and find_code(name, known) is None:
            yield value


def _is_yes(value: Any) -> bool:
    return value is True or str(value).strip().upper() in _YES


def _is_no(text: str) -> bool:
    return text.strip().upper() in _NO


def _glued(text: str, known: Mapping[str, str]) -> list[str] | None:
    """Read flags out of JSON that a comment broke, by the names that the list knows."""
    pairs = [(key, said) for key, said in _GLUED.findall(text) if key.upper() in known]
    if not pairs:
        return _listed(text, known)
    return [key for key, said in pairs if said.upper() in _YES]


def _listed(text: str, known: Mapping[str, str]) -> list[str] | None:
    """Read codes that stand in a row without JSON, when every one of them is known."""
    parts = [part for part in re.split(r"[,;|]", text) if part.strip()]
    return parts if parts and all(find_code(part, known) for part in parts) else None
