"""Our own layout of a care and support return and of a looked-after return, as `layouts/wales.csv` states it.

No public layout of the Welsh returns' files was found, so these are ours and not the Welsh Government's. The file is
meant to be read and changed by whoever keeps an authority's data: a column's header, and which of its words stand for
which code. A line whose table is empty is asked and not read.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

CARE_AND_SUPPORT, LOOKED_AFTER = "care_and_support", "looked_after"
CHILD = "child_id"


@dataclass(frozen=True)
class Asked:
    """One column of a return.

    Parameters
    ----------
    name
        Its header, in lower case.
    is_needed
        Whether a return without it cannot be used.
    table, ssd_column
        Where it goes in the standard; empty where no code says what it says.
    values
        Its words, in upper case, and the code that each stands for; any other word goes on as it is.
    """

    name: str
    is_needed: bool
    table: str
    ssd_column: str
    values: Mapping[str, str]


@cache
def layout() -> Mapping[str, tuple[Asked, ...]]:
    """Give each return's columns in its order, by the return's name.

    Examples
    --------
    >>> [asked.name for asked in layout()["looked_after"]][:2]
    ['child_id', 'sex']
    """
    text = (files("features.sources") / "layouts" / "wales.csv").read_text(encoding="utf-8")
    lines = list(csv.DictReader(text.splitlines()))
    return {
        kind: tuple(_asked(line) for line in lines if line["return"] == kind)
        for kind in (CARE_AND_SUPPORT, LOOKED_AFTER)
    }


def _asked(line: Mapping[str, str]) -> Asked:
    pairs = [pair.partition("=") for pair in line["values"].split(";") if pair.strip()]
    values = {word.strip().upper(): code.strip() for word, _, code in pairs}
    return Asked(line["column"], line["needed"] == "yes", line["table"], line["ssd_column"], values)


def plain_header(header: str) -> str:
    """Write a header as the layout does: lower case, underscores between words.

    Examples
    --------
    >>> plain_header("Date of birth ")
    'date_of_birth'
    """
    return re.sub(r"[^a-z0-9]+", "_", header.lower()).strip("_")
