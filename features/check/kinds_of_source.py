"""The kinds of source in words that a data manager uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.sources.raw import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

IN_WORDS: dict[Kind, str] = {
    Kind.ssd: "a folder of tables of the Standard Safeguarding Dataset",
    Kind.database: "a database with the tables of the Standard Safeguarding Dataset",
    Kind.annex_a: "an Annex A workbook",
    Kind.cin_census: "a children in need census return",
    Kind.ssda903: "a set of looked-after returns (SSDA903)",
    Kind.wales: "returns of Wales: care and support, and looked-after children",
    Kind.dfe_api: "a file of the DfE's children's social care API",
}

BESIDE = "SSD or optional ext_ tables beside it"

NAMES: dict[Kind, str] = {
    Kind.ssd: "SSD tables",
    Kind.database: "Database",
    Kind.annex_a: "Annex A",
    Kind.cin_census: "Census",
    Kind.ssda903: "SSDA903",
    Kind.wales: "Wales",
    Kind.dfe_api: "DfE API",
}


def in_words(kinds: Sequence[Kind]) -> str:
    """Say what a source is made of; tables of the standard come last where they lie beside something else.

    Examples
    --------
    >>> in_words([Kind.ssd, Kind.annex_a])
    'an Annex A workbook, with SSD or optional ext_ tables beside it'
    """
    others = [IN_WORDS[kind] for kind in kinds if kind is not Kind.ssd]
    if not others:
        return IN_WORDS[Kind.ssd]
    return " and ".join(others) + (f", with {BESIDE}" if Kind.ssd in kinds else "")


def with_names(sentences: Iterable[str]) -> list[str]:
    """Say which kind of source a sentence speaks of by its name, where one of several is meant.

    Examples
    --------
    >>> with_names(["annex_a: no outcomes are asked", "no outcomes are asked"])
    ['Annex A: no outcomes are asked', 'no outcomes are asked']
    """
    return [_with_name(sentence) for sentence in sentences]


def _with_name(sentence: str) -> str:
    kind, colon, said = sentence.partition(": ")
    return f"{NAMES[Kind(kind)]}: {said}" if colon and kind in set(Kind) else sentence
