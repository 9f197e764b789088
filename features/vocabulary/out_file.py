"""Writing a file that the caller named: whole or not at all, and asked about before anything slow is done."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from features.vocabulary.errors import WrongUsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def require_room_for(file: Path) -> None:
    """Refuse a file that cannot be written, as far as can be told beforehand.

    Parameters
    ----------
    file
        Where something is to be written; a file of that name will be replaced.

    Raises
    ------
    WrongUsageError
        When its folder is not there or may not be written to, or a folder has its name.
    """
    folder = file.absolute().parent
    if not folder.is_dir():
        raise WrongUsageError(
            f"The folder for {file.name} does not exist.", hint="Make the folder first, or name another."
        )
    if file.is_dir():
        raise WrongUsageError(f"{file.name} is a folder, not a file.", hint="Name a file inside it.")
    if not os.access(folder, os.W_OK):
        raise WrongUsageError(f"The folder for {file.name} may not be written to.", hint="Name another folder.")


def write_whole(file: Path, write: Callable[[Path], object]) -> None:
    """Write a file under another name beside it and rename it at the end; nothing is left where that fails.

    Parameters
    ----------
    file
        The file; one of that name is replaced.
    write
        Writes to the path that it is given.

    Raises
    ------
    WrongUsageError
        When nothing can be written there.
    """
    require_room_for(file)
    unfinished = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        write(unfinished)
        unfinished.replace(file)
    except OSError as error:
        raise WrongUsageError(
            f"{file.name} cannot be written there ({type(error).__name__}).",
            hint="Name a file in a folder that exists, may be written to and has room.",
        ) from None
    finally:
        unfinished.unlink(missing_ok=True)
