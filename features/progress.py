"""How long work is told to a person at a terminal: one line a step, with a spinner and the seconds it took.

Silent where nobody looks: in a pipe, a script or a test. It knows no step; whoever works says what it does.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape

Say = Callable[[str], None]


@contextmanager
def telling(console: Console | None = None) -> Iterator[Say]:
    """Tell what is being done, on standard error, while it is done.

    Parameters
    ----------
    console
        Where to tell; standard error when not given.

    Yields
    ------
    callable
        Takes what is done next, in words. Does nothing where standard error is not a terminal.
    """
    told = console or Console(stderr=True, highlight=False)
    if not told.is_terminal:
        yield lambda _: None
        return
    step, started = "", time.monotonic()
    with told.status("starting") as status:

        def finish() -> None:
            if step:
                told.print(f"{escape(step)} [dim]{time.monotonic() - started:.1f} s[/dim]")

        def say(text: str) -> None:
            nonlocal step, started
            finish()
            step, started = text, time.monotonic()
            status.update(escape(text))

        yield say
        finish()
