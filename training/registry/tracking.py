"""The run as MLflow keeps it: plan, data manifest, metrics by fold, model, explanation, audit and card.

MLflow is imported inside functions: it takes seconds, and serving reads a bundle without it. Its telemetry is turned
off before it is imported. What it writes lies under `EARLYHELP_HOME`, unless `MLFLOW_TRACKING_URI` names a server.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from features.vocabulary.errors import OutOfReachError, WrongUsageError
from features.vocabulary.home import home
from training.registry.released import values_of

if TYPE_CHECKING:
    import polars as pl

    from training.registry.plan import Plan

EXPERIMENT = "earlyhelp-{outcome}"
"""Also the registered model's name."""

STATED_URI = "MLFLOW_TRACKING_URI"
BUNDLE_ARTIFACT = "bundle"
MODEL_NAME = "model"
MOST_PER_CALL = 100
"""MLflow takes at most this many params in one call; metrics are sent in the same portions."""

REQUIREMENTS: tuple[str, ...] = (
    "lightgbm",
    "mlflow",
    "narwhals",
    "numpy",
    "pandas",
    "pandera",
    "polars",
    "pydantic",
    "scipy",
)

# What MLflow 3.17 itself sets off with SQLAlchemy 2.1 and pandas 3, and by its own types; none is about our call.
_ITS_OWN_WARNINGS: tuple[str, ...] = (
    r"The ``noload`` loader strategy is deprecated",
    r"Operation with range is deprecated",
    r".*Any type hint is inferred as AnyType",
)

_QUIET: Mapping[str, str] = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_RECORD_ENV_VARS_IN_MODEL_LOGGING": "false",
}
# A server that does not answer is told within seconds, not after MLflow's seven doubled waits.
_PATIENCE: Mapping[str, str] = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1", "MLFLOW_HTTP_REQUEST_TIMEOUT": "30"}


def mlflow_module() -> Any:
    """Import MLflow with telemetry off and its chatter turned down; give the module."""
    os.environ.update(_QUIET)
    for name, value in _PATIENCE.items():
        os.environ.setdefault(name, value)
    import mlflow

    for logger in ("mlflow", "alembic"):  # after the import, which sets MLflow's own level
        logging.getLogger(logger).setLevel(logging.ERROR)
    stated = os.environ.get(STATED_URI)
    mlflow.set_tracking_uri(tracking_uri())
    # MLflow writes the address into the environment, where a child process of another home would take it as stated.
    os.environ.pop(STATED_URI, None)
    if stated is not None:
        os.environ[STATED_URI] = stated
    return mlflow


def tracking_uri() -> str:
    """Give `MLFLOW_TRACKING_URI`, else the SQLite database under `EARLYHELP_HOME`."""
    stated = os.environ.get(STATED_URI, "")
    if stated:
        return stated
    folder = home() / "mlflow"
    folder.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{folder / 'mlflow.db'}"


def _artifact_location() -> str | None:
    """Where a new experiment keeps its files: a server decides for itself."""
    if tracking_uri().startswith(("http://", "https://")):
        return None
    folder = home() / "mlflow" / "artifacts"
    folder.mkdir(parents=True, exist_ok=True)
    return folder.as_uri()


@contextmanager
def in_reach() -> Iterator[Any]:
    """Run calls of MLflow; one that fails is told as out of reach, without its own text, which may hold values."""
    with warnings.catch_warnings():
        for message in _ITS_OWN_WARNINGS:
            warnings.filterwarnings("ignore", message=message)
        mlflow = mlflow_module()
        from sqlalchemy.exc import SQLAlchemyError

        try:
            yield mlflow
        except (mlflow.exceptions.MlflowException, SQLAlchemyError, OSError) as error:
            raise OutOfReachError(
                f"MLflow does not answer as it should ({type(error).__name__}).",
                hint="Check MLFLOW_TRACKING_URI, or unset it to keep runs under EARLYHELP_HOME.",
            ) from None


def _experiment_id(mlflow: Any, outcome: str) -> str:
    client, name = mlflow.MlflowClient(), EXPERIMENT.format(outcome=outcome)
    found = client.get_experiment_by_name(name)
    if found is not None:
        return str(found.experiment_id)
    return str(client.create_experiment(name, artifact_location=_artifact_location()))


@contextmanager
def tracked_run(plan: Plan) -> Iterator[str]:
    """Open a run and close it as finished, or as failed when an error passes through.

    Yields
    ------
    str
        The run's id. Opened before any work is done, so that an MLflow out of reach is told at once.
    """
    with in_reach() as mlflow:
        client = mlflow.MlflowClient()
        run_id = str(client.create_run(_experiment_id(mlflow, plan.plan.outcome), run_name=plan.plan.name).info.run_id)
    try:
        yield run_id
    except BaseException:
        with suppress(OutOfReachError), in_reach() as mlflow:
            mlflow.MlflowClient().set_terminated(run_id, "FAILED")
        raise
    with in_reach() as mlflow:
        mlflow.MlflowClient().set_terminated(run_id, "FINISHED")


def flattened(nested: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Give nested values by dotted names; lists stay as they are.

    Examples
    --------
    >>> flattened({"a": {"b": 1}, "c": [1, 2]})
    {'a.b': 1, 'c': [1, 2]}
    """
    flat: dict[str, Any] = {}
    for name, value in nested.items():
        if isinstance(value, Mapping):
            flat |= flattened(value, f"{prefix}{name}.")
        else:
            flat[f"{prefix}{name}"] = value
    return flat


def log_values(run_id: str, plan: Plan, metrics: Mapping[str, Any]) -> None:
    """Log the plan as params, and every number among the metrics by its dotted name."""
    params = list(flattened(plan.model_dump(mode="json")).items())
    numbers = [(name, float(value)) for name, value in flattened(metrics).items() if isinstance(value, int | float)]
    with in_reach() as mlflow:
        client, entities = mlflow.MlflowClient(), mlflow.entities
        for start in range(0, len(params), MOST_PER_CALL):
            portion = [entities.Param(name, str(value)) for name, value in params[start : start + MOST_PER_CALL]]
            client.log_batch(run_id, params=portion)
        for start in range(0, len(numbers), MOST_PER_CALL):
            # No clock: a run's metrics carry step and time 0.
            part = [entities.Metric(name, value, 0, 0) for name, value in numbers[start : start + MOST_PER_CALL]]
            client.log_batch(run_id, metrics=part)


def log_files(run_id: str, folder: Path, *, under: str | None = None) -> None:
    """Log every file of a folder."""
    with in_reach() as mlflow:
        mlflow.MlflowClient().log_artifacts(run_id, str(folder), under)


def log_model(run_id: str, bundle: Path, example: pl.DataFrame) -> None:
    """Log the model as code that reads the bundle, with its signature and invented rows as the example."""
    import pandas as pd

    indicators = tuple(example.columns)
    invented = pd.DataFrame(values_of(example, indicators), columns=list(indicators))
    with in_reach() as mlflow:
        from mlflow.models import ModelSignature
        from mlflow.types import ColSpec, Schema

        inputs = Schema([ColSpec("double", name, required=False) for name in indicators])
        with mlflow.start_run(run_id=run_id):
            mlflow.pyfunc.log_model(
                name=MODEL_NAME,
                python_model=str(Path(__file__).with_name("tracked_model.py")),
                artifacts={"bundle": str(bundle)},
                signature=ModelSignature(inputs, Schema([ColSpec("double", "score")])),
                input_example=invented,
                pip_requirements=[f"{name}=={version(name)}" for name in REQUIREMENTS],
            )


def fetch_bundle(run_id: str, into: Path) -> Path:
    """Fetch the bundle that a run made.

    Raises
    ------
    WrongUsageError
        When MLflow knows no such run, or it made no bundle.
    OutOfReachError
        When MLflow does not answer.
    """
    with in_reach() as mlflow:
        codes = mlflow.protos.databricks_pb2
        try:
            mlflow.MlflowClient().get_run(run_id)
            return Path(mlflow.MlflowClient().download_artifacts(run_id, BUNDLE_ARTIFACT, str(into)))
        except mlflow.exceptions.MlflowException as error:
            unknown = (codes.RESOURCE_DOES_NOT_EXIST, codes.INVALID_PARAMETER_VALUE)
            if error.error_code not in {codes.ErrorCode.Name(code) for code in unknown}:
                raise
        except OSError:
            pass  # a run that failed before it made a bundle
    raise WrongUsageError(
        "MLflow knows no such run, or it ended before it made a bundle.",
        hint="Give the id that earlyhelp train printed.",
    )


def register(run_id: str, *, outcome: str, alias: str) -> str:
    """Register a run's model, once, and give it an alias.

    Returns
    -------
    str
        The registered version.
    """
    name = EXPERIMENT.format(outcome=outcome)
    with in_reach() as mlflow:
        client = mlflow.MlflowClient()
        if not client.search_registered_models(f"name = '{name}'"):
            client.create_registered_model(name)
        versions = [found for found in client.search_model_versions(f"name = '{name}'") if found.run_id == run_id]
        if not versions:
            logged = mlflow.search_logged_models(
                filter_string=f"source_run_id = '{run_id}'",
                experiment_ids=[client.get_run(run_id).info.experiment_id],
                output_format="list",
            )
            versions = [client.create_model_version(name, source=logged[0].model_uri, run_id=run_id)]
        client.set_registered_model_alias(name, alias, versions[0].version)
        return str(versions[0].version)
