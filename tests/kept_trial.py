"""The records on trial as the session's run kept them: read, not worked out again."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from training.registry.tracking import in_reach


def kept_trial(run_id: str) -> dict[str, Any]:
    """Read `records_on_trial.json` of a run."""
    with in_reach() as mlflow, TemporaryDirectory() as folder:
        file = mlflow.MlflowClient().download_artifacts(run_id, "records_on_trial.json", folder)
        content: dict[str, Any] = json.loads(Path(file).read_text(encoding="utf-8"))
    return content
