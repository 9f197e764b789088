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
_BRACKETED = re.compile(r"^[\[(]([A-Z0-9]{1,6})[\])]\s+\S")
_DESCRIPTION = re.compile(r"\s*[:\u2013\u2014].*$|\s+-\s.*$", re.DOTALL)
_DECIMALS = re.compile(r"\.0+$")
# Case systems keep local codes of ethnicity and disability in columns of four characters.
CUT_AT = 4
# So the lists of flags in outcome JSON are called.
OUTCOMES = "json_"
# Ways of writing that have a name of their own, by list and code; no code means any.
_OTHER_WAYS: dict[tuple[str, str], str] = {
    ("ethnicity", "CHNE"): "chinese_otherwise",
    ("cp_category", ""): "category_as_text",
}
_GLUED = re.compile(r"""["']([A-Za-z0-9_]{1,40})["']\s*:\s*["']?(y|yes|true|1|n|no|false|0)\b""", re.IGNORECASE)


def _unwrapped(text: str) -> Iterator[str]:
    """Give what may be the code in `q) 6: Police`, `N1 - Abuse or Neglect` or `[PR4] Private provision`."""
    bare = _LETTERED.sub("", text.strip().upper())
    yield bare
    yield _DECIMALS.sub("", bare)
    yield _DESCRIPTION.sub("", bare)
    if bracketed := _BRACKETED.match(bare):
        yield bracketed[1]


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
    spelling = _find_spelling(text, known)
    return None if spelling is None else known[spelling]


def _find_spelling(text: str, known: Mapping[str, str]) -> str | None:
    for candidate in _unwrapped(text):
        if candidate in known:
            return candidate
    word = _first_word(text)
    return word if word in known.values() and word in known else None


@cache
def _known(codelist: str) -> Mapping[str, str]:
    return spellings(codelist)


@cache
def _cut_words(codelist: str) -> frozenset[str]:
    """Give what is left of a list's words when a column keeps four characters, where that is no code itself."""
    known = _known(codelist)
    return frozenset(word[:CUT_AT].strip() for word in known if len(word) > CUT_AT) - frozenset(known)


def read_code(text: str, codelist: str) -> tuple[str | None, str | None, bool]:
    """Read a cell that holds one code.

    Returns
    -------
    tuple of (str or None, str or None, bool)
        The code; what was found, where it is not the bare code (see `features.tables.kinds`); and whether the cell
        was refused.

    Examples
    --------
    >>> read_code("WBRI", "ethnicity"), read_code("a) WBRI", "ethnicity")
    (('WBRI', None, False), ('WBRI', 'code_prefixed', False))
    >>> read_code("Q7", "ethnicity")
    (None, 'unknown_code', True)
    """
    known = _known(codelist)
    spelling = _find_spelling(text, known)
    if spelling is None:
        is_cut = text.strip().upper() in _cut_words(codelist)
        return None, "code_cut" if is_cut else "unknown_code", True
    return known[spelling], _how_written(text, spelling, codelist), False


def _how_written(text: str, spelling: str, codelist: str) -> str | None:
    """Name the way in which a code that could be read was written; None for the bare code."""
    code = _known(codelist)[spelling]
    is_bare = text.strip().upper() == spelling
    if spelling == code.upper():
        return None if is_bare else "code_prefixed"
    if codelist == "sex" and spelling.isdigit():
        return "sex_in_numbers"
    named = _OTHER_WAYS.get((codelist, code)) or _OTHER_WAYS.get((codelist, ""))
    return named or ("code_in_words" if is_bare else "code_prefixed")


def read_codes(text: str, codelist: str) -> tuple[str | None, str | None, bool]:
    """Read a cell that holds any number of codes, as JSON in any of its shapes or as a list with commas.

    Returns
    -------
    tuple of (str or None, str or None, bool)
        Sorted codes between bars, `||` for a list that is empty or all no, None where nothing could be read; what was
        found, where it is not the standard's shape; and whether the cell was refused, wholly or in part (a code that
        is not in the list).

    Examples
    --------
    >>> read_codes('["4B", "1A"]', "assessment_factor")
    ('|1A|4B|', None, False)
    >>> read_codes('{"1A": "Yes", "2B": "No"}', "assessment_factor")
    ('|1A|', 'factors_as_flags', False)
    >>> read_codes("[]", "assessment_factor"), read_codes("see notes", "assessment_factor")
    (('||', None, False), (None, 'unknown_code', True))
    """
    known = _known(codelist)
    stated, shape = _stated(text, known)
    if stated is None:
        return None, "unknown_code", True
    found = {find_code(key, known) for key in stated}
    codes = sorted(code for code in found if code is not None)
    value = f"|{'|'.join(codes)}|" if codes or None not in found else None
    if None in found:
        return value, "unknown_code", True
    # Outcomes are flags by the standard; factors are a list.
    is_usual = shape == "factors_as_flags" and codelist.startswith(OUTCOMES)
    return value, None if is_usual else shape, False


def _stated(text: str, known: Mapping[str, str]) -> tuple[list[str] | None, str | None]:
    """List what a cell says yes to, None where it cannot be read; and the shape in which it says so."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return _glued(text, known)
    if isinstance(value, (dict, list)):
        return list(_said_yes(value, known)), _shape(value)
    return _listed(text, known)


def _shape(value: Any) -> str | None:
    """Name the shape of JSON: None for a list of codes."""
    entries = value if isinstance(value, list) else [value]
    keyed = [entry for entry in entries if isinstance(entry, dict)]
    if not any(keyed):
        return None
    has_pairs = any(key.strip().lower() in _KEY_NAMES for entry in keyed for key in entry)
    return "factors_as_pairs" if has_pairs else "factors_as_flags"


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


def _glued(text: str, known: Mapping[str, str]) -> tuple[list[str] | None, str | None]:
    """Read flags out of JSON that a comment broke, by the names that the list knows."""
    pairs = [(key, said) for key, said in _GLUED.findall(text) if key.upper() in known]
    if not pairs:
        return _listed(text, known)
    return [key for key, said in pairs if said.upper() in _YES], "outcome_broken_by_comment"


def _listed(text: str, known: Mapping[str, str]) -> tuple[list[str] | None, str | None]:
    """Read codes that stand in a row without JSON, when every one of them is known."""
    parts = [part for part in re.split(r"[,;|]", text) if part.strip()]
    return (parts if parts and all(find_code(part, known) for part in parts) else None), "codes_in_a_row"
