"""Reading addresses: of each only a fingerprint is kept, which says whether two addresses are the same and no more.

The text of an address stays in the source. A fingerprint is no secret: who holds a list of all addresses can find
which one it is of, so it is personal data like any id, and nothing shows it. What names no home gets none: a street, a
town or a postcode is some fifteen homes and more, and what is written for "unknown" would make one home of many.
"""

from __future__ import annotations

import json
import re
import unicodedata
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FINGERPRINT_DIGITS = 16

# Case systems leave line breaks within their texts.
_JSON = json.JSONDecoder(strict=False)

# The standard's keys, and the postcode that some write beside them, in the order in which addresses are compared.
KEYS = ("ROOM", "FLOOR", "FLAT", "BUILDING", "HOUSE", "STREET", "TOWN", "POSTCODE")
# A number of the national register of addresses: at most twelve digits.
_UPRN = re.compile(r"0*([1-9]\d{0,11})")
# No part of an address, in upper case, letters and digits only.
_SAYS_NOTHING = frozenset(
    (
        *("", "0", "NULL", "NONE", "NAN", "NA", "TBC", "TBA", "SSDPH", "PLACEHOLDERDATA", "ADDRESS"),
        *("UNKNOWN", "NOTKNOWN", "NOTRECORDED", "NOTGIVEN", "UNKNOWNADDRESS", "ADDRESSUNKNOWN", "ADDRESSNOTKNOWN"),
        *("NFA", "NOFIXEDABODE", "NOFIXEDADDRESS", "NOADDRESS", "HOMELESS", "CONFIDENTIAL", "CONFIDENTIALADDRESS"),
    )
)
_KEY = re.compile(r"""["']?\w+["']?\s*:""")
_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}$")
_WITHIN_A_HOUSE = re.compile(r"FLAT|APARTMENT|ROOM|UNIT|FLOOR")
_BREAKS = re.compile(r"[,;|\r\n\t]+")
_NO_LETTER = re.compile(r"[^A-Z0-9]+")
_WHOLE = re.compile(r"(\d+)\.0+")


def read_addresses(text: pl.Series) -> pl.DataFrame:
    """Read distinct texts as fingerprints.

    Returns
    -------
    pl.DataFrame
        `value` (16 hexadecimal digits; null where the text names no home) and `kind` (always null: an address is
        never unreadable).
    """
    found = pl.Series("value", [fingerprint(cell) for cell in text], dtype=pl.String)
    return pl.DataFrame([found, pl.Series("kind", [None] * len(found), dtype=pl.String)])


def fingerprint(text: str) -> str | None:
    """Give the fingerprint of one address; None where the text names no home.

    Examples
    --------
    >>> fingerprint('{"HOUSE": "7", "STREET": "Elm Row"}') == fingerprint('{"street": "ELM ROW", "house": 7}')
    True
    >>> fingerprint("7 Elm Row") == fingerprint("8 Elm Row"), fingerprint("No fixed abode")
    (False, None)
    """
    said = _said(text)
    return None if said is None else sha256(said.encode()).hexdigest()[:FINGERPRINT_DIGITS]


def _said(text: str) -> str | None:
    """Bring an address into one form; None where it names no home."""
    try:
        value = _JSON.decode(text)
    except (ValueError, RecursionError):
        # The names of keys are left out, or broken JSON that holds nothing would be everybody's home.
        return _said_plainly(_BREAKS.split(_KEY.sub("", text) if text.lstrip().startswith("{") else text))
    if isinstance(value, dict):
        return _said_by_keys({str(key).strip().upper(): _bare(cell) for key, cell in value.items() if cell})
    return _said_plainly(_BREAKS.split(value if isinstance(value, str) else text))


def _said_by_keys(parts: Mapping[str, str]) -> str | None:
    uprn = _UPRN.fullmatch(parts.get("UPRN", ""))
    if uprn:
        return f"UPRN {uprn[1]}"
    known = {key: parts[key] for key in KEYS if parts.get(key, "") not in _SAYS_NOTHING}
    if not parts.keys() & set(KEYS):
        return _said_plainly(said for _, said in sorted(parts.items()))
    # Some write the number of the house before the street's name.
    names_a_house = bool({"BUILDING", "HOUSE"} & known.keys()) or _has_number(known.get("STREET", ""))
    return "|".join(known.values()) if names_a_house and {"STREET", "POSTCODE"} & known.keys() else None


def _said_plainly(parts: Iterable[str]) -> str | None:
    bare = [said for part in parts if (said := _bare(part)) not in _SAYS_NOTHING]
    beside = [_POSTCODE.sub("", said) for said in bare]
    names_a_street = any(map(str.isalpha, _WITHIN_A_HOUSE.sub("", "".join(beside))))
    return "|".join(bare) if names_a_street and any(map(_has_number, beside)) else None


def _has_number(said: str) -> bool:
    return any(character.isdigit() for character in said)


def _bare(value: Any) -> str:
    """Leave upper-case letters and digits, without accents; nothing of a placeholder, a truth or what is nested."""
    if not value or not isinstance(value, (str, int, float)) or isinstance(value, bool) or value in ("-1", -1):
        return ""
    text = str(value).upper()
    if not text.isascii():
        return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", text)))
    # A spreadsheet makes 7.0 of a house's number.
    whole = _WHOLE.fullmatch(text)
    return whole[1] if whole else _NO_LETTER.sub("", text)
