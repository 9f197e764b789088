"""The one folder under which everything the program writes lies."""

from __future__ import annotations

import os
from pathlib import Path

from features.vocabulary.errors import WrongUsageError


def home() -> Path:
    """Give the folder that holds all state; deleting it gives a fresh start.

    Returns
    -------
    Path
        The absolute folder that `EARLYHELP_HOME` names. It may not exist yet.

    Raises
    ------
    WrongUsageError
        When `EARLYHELP_HOME` is unset or empty: there is no default, so that nothing is written by surprise.
    """
    value = os.environ.get("EARLYHELP_HOME", "")
    if not value:
        raise WrongUsageError(
            "EARLYHELP_HOME is not set: it names the one folder in which earlyhelp keeps everything it writes.",
            hint="Set it, for example: export EARLYHELP_HOME=$PWD/var",
        )
    return Path(value).absolute()


def keep_libraries_at_home() -> None:
    """Let libraries keep what they write for themselves under the home folder, before any of them is imported.

    Matplotlib caches its list of fonts; a person's own choice of its folder stands.
    """
    if os.environ.get("EARLYHELP_HOME", ""):
        os.environ.setdefault("MPLCONFIGDIR", str(home() / "matplotlib"))
