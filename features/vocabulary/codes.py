"""The official lists of codes, with short meanings in our own words, and what else those codes are called.

Each list is a file of `codelists`: `code,meaning,valid_from,valid_to`, the years being collection years (the year
to 31 March 2022 is 2022), empty where a code has no known first or last year. `said_otherwise.csv` holds other
spellings of a code, among them codes of earlier years that mean the same. This file knows no table and no frame.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from features.vocabulary.errors import WrongUsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

OTHER_SPELLINGS = "said_otherwise"


@dataclass(frozen=True)
class Code:
    """One code of a list.

    Parameters
    ----------
    code
        As the national collection writes it.
    meaning
        Short, in our own words; not the wording of the guidance.
    valid_from, valid_to
        First and last collection year in which the code may be used; None where no such year is known.
    """

    code: str
    meaning: str
    valid_from: int | None
    valid_to: int | None


def _read(name: str) -> list[dict[str, str]]:
    file = files("features.vocabulary") / "codelists" / f"{name}.csv"
    if not file.is_file():
        raise WrongUsageError(
            f"There is no code list {name!r}.",
            hint="The lists are the files of features/vocabulary/codelists, named without .csv.",
        )
    return list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))


def _year(text: str) -> int | None:
    return int(text) if text else None


@cache
def codelist(name: str) -> Mapping[str, Code]:
    """Read one list, in its order.

    Parameters
    ----------
    name
        The file's name without `.csv`.

    Returns
    -------
    Mapping of str to Code
        By code.

    Raises
    ------
    WrongUsageError
        When there is no such list.

    Examples
    --------
    >>> codelist("cp_category")["NEG"].meaning
    'neglect'
    >>> codelist("assessment_factor")["18A"].valid_to
    2021
    >>> codelist("favourite_colour")
    Traceback (most recent call last):
        ...
    features.vocabulary.errors.WrongUsageError: There is no code list 'favourite_colour'.
    Hint: The lists are the files of features/vocabulary/codelists, named without .csv.
    """
    return {
        row["code"]: Code(row["code"], row["meaning"], _year(row["valid_from"]), _year(row["valid_to"]))
        for row in _read(name)
    }


@cache
def spellings(name: str) -> Mapping[str, str]:
    """Give every spelling of a list's codes, in upper case, and the code that it stands for.

    A code of earlier years that has a successor of the same meaning stands for that successor: sex `1` for `M`.

    Returns
    -------
    Mapping of str to str
        By spelling.

    Examples
    --------
    >>> spellings("sex")["1"], spellings("ethnicity")["CNHE"]
    ('M', 'CHNE')
    """
    own = {code.upper(): code for code in codelist(name)}
    other = {row["said"]: row["code"] for row in _read(OTHER_SPELLINGS) if row["codelist"] == name}
    return own | other
