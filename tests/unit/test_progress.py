"""Progress is told to a person at a terminal, and to nobody else."""

from __future__ import annotations

import io

from rich.console import Console

from features.progress import telling


def told(*steps: str, terminal: bool) -> str:
    screen = io.StringIO()
    with telling(Console(file=screen, force_terminal=terminal, width=80)) as say:
        for step in steps:
            say(step)
    return screen.getvalue()


def test_each_step_stands_on_a_line_with_what_it_took() -> None:
    screen = told("reading the records", "scoring [the] day", terminal=True)
    assert "reading the records" in screen
    assert "scoring [the] day" in screen
    assert screen.count(" s\x1b") == 2


def test_a_script_is_told_nothing() -> None:
    assert told("reading the records", terminal=False) == ""
