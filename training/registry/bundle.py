"""The released bundle: the folder that serving loads, checked whole before it scores anyone.

A bundle holds no child's row: a model, its calibrator, aggregates of how sure a score is, invented golden rows, the
audit, the card and a manifest with the hash of each. This file imports no MLflow, pandas or shap: serving reads it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from pydantic import ValidationError

from features.indicators.catalogue import SCORED
from features.vocabulary.errors import IntegrityError, RefusedError, WrongUsageError
from features.vocabulary.home import home
from training.registry.golden import TOLERANCE, worst_difference
from training.registry.manifest import MANIFEST_FILE, Manifest, sha256_of
from training.registry.neighbours import NeighbourShares
from training.registry.released import Calibrator, ReleasedModel, sigmoid

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MODEL_FILE = "model.json"
CALIBRATOR_FILE = "calibrator.json"
NEIGHBOURS_FILE = "neighbours.json"
GOLDEN_FILE = "golden.json"
AUDIT_FILES: tuple[str, ...] = ("audit.json", "audit.html")
CARD_FILES: tuple[str, ...] = ("card.json", "card.html")
FILES: tuple[str, ...] = (MODEL_FILE, CALIBRATOR_FILE, NEIGHBOURS_FILE, GOLDEN_FILE, *AUDIT_FILES, *CARD_FILES)
"""What every bundle holds beside its manifest."""

ALIASES: tuple[str, ...] = ("champion", "challenger")
RUN_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Bundle:
    """A released model with all that is needed to score and to explain."""

    manifest: Manifest
    model: ReleasedModel
    calibrator: Calibrator
    neighbours: NeighbourShares
    folder: Path


def dump_json(content: Any) -> str:
    """Write JSON the same way every time: keys as given, two spaces, a newline at the end."""
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def write_bundle(folder: Path, files: Mapping[str, str], manifest: Manifest) -> Manifest:
    """Write a bundle beside its place, then move it there whole.

    Parameters
    ----------
    folder
        Where it shall stand; what stood there is replaced.
    files
        The text of each of `FILES`.
    manifest
        Its `files` are filled in here.

    Returns
    -------
    Manifest
        As written.
    """
    assert set(files) == set(FILES), "a bundle holds exactly its files"
    beside = folder.parent / f".{folder.name}.{os.getpid()}"
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    for name, text in files.items():
        (beside / name).write_text(text, encoding="utf-8")
    written = manifest.model_copy(update={"files": {name: sha256_of(beside / name) for name in FILES}})
    (beside / MANIFEST_FILE).write_text(dump_json(written.model_dump(mode="json")), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    beside.rename(folder)
    return written


def _broken(what: str) -> IntegrityError:
    return IntegrityError(
        f"The released bundle is not what it was when it was written: {what}.",
        hint="Release the run again: earlyhelp release RUN.",
    )


def _read_manifest(folder: Path) -> Manifest:
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST_FILE).read_bytes())
    except OSError:
        raise _broken(f"{MANIFEST_FILE} cannot be read") from None
    except ValidationError as error:
        raise _broken(f"{MANIFEST_FILE} has {error.error_count()} fields that are no manifest's") from None
    if set(manifest.files) != set(FILES):
        raise _broken(f"{MANIFEST_FILE} does not list the {len(FILES)} files of a bundle")
    return manifest


def _check_hashes(folder: Path, manifest: Manifest) -> None:
    missing = sorted(name for name in FILES if not (folder / name).is_file())
    if missing:
        raise _broken(f"missing {', '.join(missing)}")
    changed = sorted(name for name in FILES if sha256_of(folder / name) != manifest.files[name])
    if changed:
        raise _broken(f"changed {', '.join(changed)}")


def _read(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_bytes())


def _check_scored(model: ReleasedModel) -> None:
    """Refuse a model that reads what no model may read, or what is no longer counted."""
    unread = sorted(set(model.indicators) - {one.name for one in SCORED})
    if unread:
        raise RefusedError(
            f"The model reads {len(unread)} indicators that no model may read, or that the catalogue no "
            f"longer has: {', '.join(unread)}.",
            hint="Train and release a model again: earlyhelp train.",
        )


def read_bundle(folder: Path) -> Bundle:
    """Read a released bundle and check it whole.

    Parameters
    ----------
    folder
        What `write_bundle` wrote.

    Returns
    -------
    Bundle

    Raises
    ------
    IntegrityError
        When a file is missing or was changed, or the golden rows do not come out as written, to 1e-9.
    RefusedError
        When its model reads an indicator that is not, or no longer, among those that models may read.
    """
    manifest = _read_manifest(folder)
    _check_hashes(folder, manifest)
    try:
        model = ReleasedModel.from_json(_read(folder, MODEL_FILE))
        calibrator = Calibrator(**_read(folder, CALIBRATOR_FILE))
        neighbours = NeighbourShares.from_json(_read(folder, NEIGHBOURS_FILE))
        worst = worst_difference(model, calibrator, _read(folder, GOLDEN_FILE))
    except Exception as error:  # whatever JSON, LightGBM or our own readers say of content that nobody of us wrote
        raise _broken(f"its content is no model's ({type(error).__name__})") from None
    if not worst <= TOLERANCE:
        raise _broken(f"the golden rows do not come out to {TOLERANCE:g} on this machine")
    _check_scored(model)
    return Bundle(manifest, model, calibrator, neighbours, folder)


def releases() -> Path:
    """Give the folder of released bundles and of the pointers to them."""
    return home() / "releases"


def _pointed_at(alias: str) -> Path:
    pointer = releases() / f"{alias}.json"
    if not pointer.is_file():
        raise RefusedError(f"There is no {alias}.", hint=f"Release a run first: earlyhelp release RUN --alias {alias}.")
    try:
        stored = json.loads(pointer.read_bytes())
        folder: Path = releases() / stored["run_id"]
        released = stored["manifest_sha256"]
    except (ValueError, KeyError, TypeError):
        raise _broken(f"{pointer.name} does not say which run was released") from None
    if not (folder / MANIFEST_FILE).is_file() or sha256_of(folder / MANIFEST_FILE) != released:
        raise _broken(f"{MANIFEST_FILE} is not the one that was made {alias}")
    return folder


def read_champion(alias: str = "champion") -> Bundle:
    """Read the bundle that an alias points at, or that of a released run.

    Parameters
    ----------
    alias
        `champion`, `challenger`, or the id of a run that was released.

    Raises
    ------
    RefusedError
        When nothing was released under that alias.
    WrongUsageError
        When it is neither an alias nor a released run.
    IntegrityError
        See `read_bundle`.
    """
    if alias in ALIASES:
        return read_bundle(_pointed_at(alias))
    folder = releases() / alias
    if not RUN_ID.fullmatch(alias) or not folder.is_dir():
        raise WrongUsageError(
            "No such model was released.", hint="Give champion, challenger, or the id of a run that was released."
        )
    return read_bundle(folder)


def point_at(alias: str, run_id: str) -> None:
    """Make an alias point at a released run, from one moment to the next."""
    content = {"run_id": run_id, "manifest_sha256": sha256_of(releases() / run_id / MANIFEST_FILE)}
    beside = releases() / f".{alias}.{os.getpid()}"
    beside.write_text(dump_json(content), encoding="utf-8")
    beside.replace(releases() / f"{alias}.json")


def score_matrix(bundle: Bundle, matrix: pl.DataFrame) -> pl.DataFrame:
    """Score the rows of a matrix and say what each indicator gave.

    Parameters
    ----------
    bundle
        A released model.
    matrix
        `child_id`, `as_of` and the indicators; one row will do.

    Returns
    -------
    DataFrame
        `child_id, as_of, outcome, score, low, high, model_version, base` and one `contribution_<indicator>` each, in
        the matrix's order. `base` and contributions are calibrated log-odds: they add up to the score's, to 1e-9.
    """
    base, given = bundle.model.contributions(matrix)
    log_odds = bundle.calibrator.log_odds(bundle.model.margin(matrix))
    calibrated_base = bundle.calibrator.slope * base + bundle.calibrator.intercept
    calibrated = bundle.calibrator.slope * given
    assert np.allclose(calibrated_base + calibrated.sum(axis=1), log_odds, rtol=0, atol=TOLERANCE), "must add up"
    scores = sigmoid(log_odds)
    low, high = bundle.neighbours.interval(scores)
    described = matrix.select("child_id", "as_of").with_columns(
        pl.lit(bundle.manifest.outcome).alias("outcome"),
        pl.Series("score", scores, dtype=pl.Float64),
        pl.Series("low", low, dtype=pl.Float64),
        pl.Series("high", high, dtype=pl.Float64),
        pl.lit(bundle.manifest.model_version).alias("model_version"),
        pl.lit(calibrated_base, dtype=pl.Float64).alias("base"),
    )
    names = [f"contribution_{name}" for name in bundle.model.indicators]
    return described.hstack(pl.DataFrame(calibrated, schema=dict.fromkeys(names, pl.Float64), orient="row"))
