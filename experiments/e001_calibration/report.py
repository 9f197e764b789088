"""Target and achieved value side by side: as a table to read and as numbers to compare. No clock, no machine's name."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from experiments.e001_calibration.figures import Figure, allowed, figures, is_met, plan, whys
from experiments.e001_calibration.measures import MEASURES
from experiments.e001_calibration.numbers import Achieved, CannotMeasureError

if TYPE_CHECKING:
    from experiments.e001_calibration.authority import Authority

SIGNS = {True: "yes", False: "**no**", None: "not measured"}


@dataclass(frozen=True)
class Line:
    """A figure beside what came out.

    Parameters
    ----------
    figure
        The target.
    low, high
        What is allowed; missing when it cannot be measured.
    achieved
        What came out; missing when nothing could be measured.
    why
        Why nothing was measured, or by how much the figure is missed.
    """

    figure: Figure
    low: float | None
    high: float | None
    achieved: Achieved | None
    why: str

    @property
    def met(self) -> bool | None:
        """Whether the achieved value lies within what is allowed; missing when nothing was measured."""
        if self.achieved is None or self.low is None or self.high is None:
            return None
        return bool(is_met(self.achieved.value, (self.low, self.high)))


def _missed(achieved: Achieved, low: float, high: float, explained: str) -> str:
    """Say on which side a figure is missed, whether chance could be the reason, and what was found out."""
    side = "below" if achieved.value < low else "above"
    ends = (achieved.low, achieved.high)
    by_chance = None not in ends and ends[0] <= high and ends[1] >= low
    said = f"{side} what is allowed" + ("; chance alone could do it" if by_chance else "")
    return f"{said}. {explained}" if explained else said


def _line(figure: Figure, a: Authority, tolerances: dict[str, Any], explained: str) -> Line:
    if figure.reason:
        return Line(figure, None, None, None, figure.reason)
    low, high = allowed(figure, tolerances)
    try:
        achieved = MEASURES[figure.id](a)
    except CannotMeasureError as reason:
        return Line(figure, low, high, None, f"cannot be measured: {reason}")
    except pl.exceptions.ColumnNotFoundError as error:
        return Line(figure, low, high, None, f"cannot be measured: {str(error).partition(';')[0]}")
    why = "" if is_met(achieved.value, (low, high)) else _missed(achieved, low, high, explained)
    return Line(figure, low, high, achieved, why)


def measured(a: Authority, profile: str) -> list[Line]:
    """Measure every figure of a profile, in the order of the file."""
    tolerances, explained = plan()["tolerance"], whys(profile)
    return [_line(figure, a, tolerances, explained.get(figure.id, "")) for figure in figures(profile)]


def text_of(value: float | None) -> str:
    """Write a number with as many decimals as its size deserves."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _row(line: Line) -> str:
    of, got = line.figure, line.achieved
    cells = [
        of.words,
        f"{of.value} {of.unit}",
        f"{text_of(line.low)} to {text_of(line.high)}" if line.low is not None else "",
        text_of(got.value) if got else "",
        f"{text_of(got.low)} to {text_of(got.high)}" if got and got.low is not None else "",
        SIGNS[line.met],
        line.why,
        f"{of.nation} {of.year}: {of.source}" + (f" ({of.derivation})" if of.derivation else ""),
    ]
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def _counted(lines: list[Line]) -> str:
    met = sum(line.met is True for line in lines)
    tried = sum(line.met is not None for line in lines)
    return f"{met} of {tried} measured figures lie within tolerance; {len(lines) - tried} could not be measured."


def _how(lines: list[Line]) -> list[str]:
    """Say how each figure was measured: the first line of its measure, once for figures that share one."""
    said: dict[str, list[str]] = {}
    for line in lines:
        if line.figure.id in MEASURES:
            said.setdefault((MEASURES[line.figure.id].__doc__ or "").splitlines()[0], []).append(line.figure.words)
    return [f"- {words[0]}{' and the like' if len(words) > 1 else ''}: {how}" for how, words in said.items()]


def as_markdown(lines: list[Line], profile: str, children: int) -> str:
    """Write the report of one profile.

    Parameters
    ----------
    lines
        As `measured` gives them.
    profile
        Whose.
    children
        Children simulated.
    """
    of = plan()["simulation"]
    text = [
        f"# Published figures and the invented authority: {profile}",
        "",
        f"{_counted(lines)} {children:,} children known to services, {of['years']} years, seed {of['seed']}. "
        "How to read it: `../README.md`. Nobody in this authority exists.",
    ]
    for theme in dict.fromkeys(line.figure.theme for line in lines):
        about = [line for line in lines if line.figure.theme == theme]
        text += ["", f"## {theme[0].upper()}{theme[1:]}", "", _counted(about), ""]
        text.append("| what | target | allowed | achieved | 95% by chance | met | why | source |")
        text.append("|---|---|---|---|---|---|---|---|")
        text += [_row(line) for line in about]
    return "\n".join([*text, "", "## How each was measured", "", *_how(lines)]) + "\n"


def _rounded(got: Achieved | None) -> dict[str, Any] | None:
    if got is None:
        return None
    return {key: round(value, 6) if isinstance(value, float) else value for key, value in asdict(got).items()}


def as_json(lines: list[Line], profile: str, children: int) -> str:
    """Write the numbers of one profile, keys in order."""
    rows = [
        {
            "id": line.figure.id,
            "target": line.figure.value,
            "unit": line.figure.unit,
            "allowed": None if line.low is None or line.high is None else [round(line.low, 6), round(line.high, 6)],
            "achieved": _rounded(line.achieved),
            "met": line.met,
            "why": line.why,
        }
        for line in lines
    ]
    content = {"profile": profile, "children": children, "seed": plan()["simulation"]["seed"], "figures": rows}
    return json.dumps(content, indent=1) + "\n"
