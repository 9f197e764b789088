"""The front door: one command that joins the packages' sub-commands, each imported only when it is called.

What every sub-command promises is kept here: exit codes, errors in words on standard error, never a traceback and
never silence. Nothing is computed here.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup
from typer.main import get_command

from features.vocabulary.errors import EarlyHelpError, WrongUsageError
from features.vocabulary.home import keep_libraries_at_home

SUB_COMMANDS: dict[str, str] = {
    "simulate": "features.commands",
    "check": "features.commands",
    "indicators": "features.commands",
    "catalogue": "features.commands",
    "train": "training.commands",
    "audit": "training.commands",
    "access": "training.commands",
    "release": "training.commands",
    "score": "serving.commands",
    "serve": "serving.commands",
    "token": "serving.commands",
    "verify-log": "serving.commands",
}
"""Every sub-command and the module that holds it, in the order in which a newcomer meets them."""

TYPERS_WRONG_USAGE = 2
PANIC = "PanicException"
INTERRUPTED = 130


class FrontDoor(TyperGroup):
    """A group whose sub-commands are imported when they are asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Name the sub-commands in the order of the work."""
        return list(SUB_COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import the module of a sub-command and give it; None when there is none of that name."""
        if cmd_name not in SUB_COMMANDS:
            return None
        group: Any = get_command(import_module(SUB_COMMANDS[cmd_name]).app)
        return group.commands[cmd_name]


app = typer.Typer(
    cls=FrontDoor,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Risk and resilience indicators, audited models and explained scores for children's early help. "
    "People decide; the service records what they decided and why.",
)


@app.callback()
def front_door() -> None:
    """Risk and resilience indicators, audited models and explained scores for children's early help."""


def _say(error: EarlyHelpError) -> None:
    print(f"earlyhelp: {error.message}\nHint: {error.hint}", file=sys.stderr)


def _where(error: BaseException) -> str:
    """Say in which of our lines an unforeseen error arose; its own text may repeat a cell and stays unsaid."""
    here = Path(__file__).parent
    place, trace = "outside our code", error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.is_relative_to(here) and not {".venv", ".venv-spark"}.intersection(file.parts):
            place = f"{file.relative_to(here)}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return place


def run(arguments: list[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments
        Without the program's name; None reads those of the process.

    Returns
    -------
    int
        The exit code: 0 done, 1 our fault or out of reach, 2 the data, 3 refused, 4 integrity, 64 wrong usage.

    Examples
    --------
    >>> run(["catalogue", "--no-such-option"])
    64
    """
    keep_libraries_at_home()
    try:
        app(args=arguments, prog_name="earlyhelp")
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 1 if stop.code else 0
        return WrongUsageError.exit_code if code == TYPERS_WRONG_USAGE else code
    except EarlyHelpError as error:
        _say(error)
        return error.exit_code
    except KeyboardInterrupt:
        print("earlyhelp: stopped.", file=sys.stderr)
        return INTERRUPTED
    except BaseException as error:
        # Our fault. The error's text may hold a cell's value, so only its kind and place are printed. What libraries
        # written in Rust call a panic is no `Exception`; what stops a program on purpose is none of ours to catch.
        if not isinstance(error, Exception) and type(error).__name__ != PANIC:
            raise
        print(
            f"earlyhelp: an error we did not foresee ({type(error).__name__} in {_where(error)}).\n"
            "Hint: please report these two lines; they hold nothing of your records.",
            file=sys.stderr,
        )
        return 1
    return 0


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    sys.exit(run())


if __name__ == "__main__":
    main()
