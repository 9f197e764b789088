"""What a released model is made of: which run, plan, records and libraries, and the hash of every file beside it."""

from __future__ import annotations

import hashlib
from datetime import date
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from training.registry.plan import Plan
from training.registry.released import Kind

if TYPE_CHECKING:
    from pathlib import Path

    from features.tables.records import Records

SCHEMA_VERSION = 1
MANIFEST_FILE = "manifest.json"
LIBRARIES: tuple[str, ...] = ("lightgbm", "narwhals", "numpy", "polars", "scikit-learn", "scipy")
"""What a score's last digit may depend on."""


class _Stored(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())


class TableRead(_Stored):
    """One source table: rows read, rows used, and the SHA-256 of its file's bytes (null when it came from no file)."""

    rows_read: int
    rows_used: int
    sha256: str | None


class TrainedOn(_Stored):
    """The records behind a model: never a row of them."""

    extract_day: date
    tables: dict[str, TableRead]


class Days(_Stored):
    """The days at whose ends the released model's origin stood, and until when outcomes were known."""

    train: tuple[date, ...]
    calibrate: date
    test: date
    labels_known_on: date
    test_labels_known_on: date


class Acceptance(_Stored):
    """Who accepted that the audit cannot tell, and why."""

    name: str
    reason: str


class Manifest(_Stored):
    """A released model's manifest.

    `model_version` names the outcome and the run; `monotone` holds the direction that each indicator was held to
    (1, -1 or 0), in the indicators' order; `metrics` is what `training.measures` found, by fold, learner and measure;
    `chosen` says in words why this kind; `as_extracted` names columns whose day of knowledge no source gives;
    `files` gives the SHA-256 of each file beside the manifest.
    """

    schema_version: int
    run_id: str
    model_version: str
    outcome: str
    kind: Kind
    indicators: tuple[str, ...]
    monotone: tuple[int, ...]
    plan: Plan
    trained_on: TrainedOn
    as_of: Days
    counts: dict[str, Any]
    metrics: dict[str, Any]
    chosen: dict[str, Any]
    as_extracted: tuple[str, ...]
    libraries: dict[str, str]
    files: dict[str, str]
    acceptance: Acceptance | None


def sha256_of(path: Path) -> str:
    """Give the SHA-256 of a file's bytes, as hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def trained_on(records: Records) -> TrainedOn:
    """Describe records by their hashes and counts."""
    tables = {
        name: TableRead(
            rows_read=records.rows_read[name], rows_used=frame.height, sha256=records.content_hashes.get(name)
        )
        for name, frame in sorted(records.tables.items())
    }
    return TrainedOn(extract_day=records.extract_day, tables=tables)


def libraries() -> dict[str, str]:
    """Give the versions of the libraries that a score depends on."""
    return {name: version(name) for name in LIBRARIES}
