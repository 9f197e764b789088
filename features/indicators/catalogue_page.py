"""The catalogue as a page: every indicator in words, by domain, as `features/README.md` holds it.

`python -m features.indicators.catalogue_page` writes the page anew; a test refuses a stale copy.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from features.indicators.catalogue import CATALOGUE, SHOWN_ONLY
from features.indicators.declaration import Domain, Polarity
from features.indicators.streams import tables_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.indicators.declaration import Indicator

PAGE = Path(__file__).parents[1] / "README.md"

_CHOICE = re.compile(r"\[([^|\]]*)\|([^\]]*)\]")
_POINTS = {
    Polarity.RISK: "risk: more never lowers a score",
    Polarity.RESILIENCE: "resilience: more never raises a score",
    Polarity.CONTEXT: "context: either way",
}
_WINDOWS = {91: "3 months", 182: "6 months", 364: "2 times 6 months", 365: "12 months", 730: "24 months"}
_WORDS = """# Every indicator, in words

Made by `make catalogue` from [the declarations](indicators); a stale copy fails the build. `earlyhelp catalogue` prints
the same, `--json FILE` writes it for programs.

{n} indicators: {risk} speak of risk, {resilience} of resilience, {context} are context. {unscored} of
them are never scored, nor are {others} more that a worker is shown; each says why.

How to read a line. **Indicator**: the column's name, what it is counted on and how far back. A window ends with the
as-of day. **In words**: what a worker reads for a value (*N*), for nought, and for no value. No value is never a
nought: it says that nobody knows, or that there was nothing to count. **Points**: which way more of it may move a
score, all else the same; a model cannot learn otherwise. **For families**: what a parent or young person is told was
looked at, or why a page does not tell them. **Why**: where the choice comes from (*local judgement* where nothing is
published), and the aim that it bears on.

An indicator states a fact of the record. It is not a finding about a family, and none is a reason by itself.
"""


def catalogue_page() -> str:
    """Give the page as Markdown, the same bytes each time."""
    count = Counter(str(one.polarity) for one in CATALOGUE)
    unscored = sum(bool(one.not_scored) for one in CATALOGUE)
    intro = _WORDS.format(n=len(CATALOGUE), unscored=unscored, others=len(SHOWN_ONLY), **count)
    return "\n".join([intro, *(_of_domain(domain) for domain in Domain), _shown_only()])


def _of_domain(domain: Domain) -> str:
    return _table(str(domain), [one for one in CATALOGUE if one.domain == domain])


def _shown_only() -> str:
    return _table("Shown to the worker, never scored", SHOWN_ONLY)


def _table(title: str, indicators: Sequence[Indicator]) -> str:
    head = ["| indicator | in words | points | for families | why |", "|---|---|---|---|---|"]
    return "\n".join([f"## {title} ({len(indicators)})", "", *head, *map(_line, indicators), ""])


def _line(one: Indicator) -> str:
    counted = f"{', '.join(tables_of(one.table))}; {_WINDOWS.get(one.window_days or 0, 'no window')}"
    who = " of the others of the household" if one.about == "household" else ""
    words = f"{_many(one.sentence)}<br>nought: {one.absent}<br>no value: {one.missing}"
    told = f"not on a page: {one.not_for_families}" if one.not_for_families else one.for_families
    points = f"not scored: {one.not_scored}" if one.not_scored else _POINTS[one.polarity]
    cells = (f"`{one.name}`<br>{counted}{who}", words, points, told, f"{one.evidence}<br>*{one.aim}*")
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _many(sentence: str) -> str:
    """Give a sentence with N for the number."""
    return _CHOICE.sub(lambda match: match[2], sentence).format(value="N", ago="N days ago")


if __name__ == "__main__":
    PAGE.write_text(catalogue_page(), encoding="utf-8")
