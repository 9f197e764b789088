"""Writing the files of an audit into the folder that the caller named: all of them, or none."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from features.vocabulary.errors import WrongUsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


HINT = "Name a folder in a place that may be written to and has room, and that is no file."


def require_place_for(folder: Path) -> None:
    """Refuse a folder that can neither be made nor written to, as far as can be told before anything slow is done.

    Raises
    ------
    WrongUsageError
        When it is a file, lies under one, or its place may not be written to.
    """
    try:
        nearest = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
        is_place = nearest.is_dir() and os.access(nearest, os.W_OK)
    except OSError:
        is_place = False
    if not is_place:
        raise WrongUsageError(f"{folder.name} cannot be made there, or may not be written to.", hint=HINT)


def write_together(folder: Path, files: Mapping[str, Callable[[Path], object]]) -> None:
    """Write files: each by rename, once all are made.

    Parameters
    ----------
    folder
        Made when it does not exist; other files in it stay.
    files
        By name, what writes it to the path that it is given.

    Raises
    ------
    WrongUsageError
        When nothing can be written there.
    """
    beside = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".audit-", dir=folder))
        for name, write in files.items():
            write(beside / name)
        for name in files:
            (beside / name).replace(folder / name)
    except OSError as error:
        raise WrongUsageError(
            f"The files cannot be written to {folder.name} ({type(error).__name__}).",
            hint=HINT,
        ) from None
    finally:
        if beside is not None:
            shutil.rmtree(beside, ignore_errors=True)
