"""The model as MLflow keeps it: code that reads our own JSON bundle, so that nothing is pickled.

MLflow runs this file by its path (models from code); nothing of ours imports it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
import polars as pl

from training.registry.bundle import read_bundle


class TrackedModel(mlflow.pyfunc.PythonModel):  # type: ignore[misc]  # MLflow ships no types
    """Scores rows of indicators with a bundle."""

    def load_context(self, context: Any) -> None:
        """Read and check the bundle that was logged with the model."""
        self.bundle = read_bundle(Path(context.artifacts["bundle"]))

    def predict(self, context: Any, model_input: pd.DataFrame, params: dict[str, Any] | None = None) -> pd.DataFrame:
        """Give the calibrated score of each row.

        Parameters
        ----------
        context, params
            MLflow's; not used.
        model_input
            One column an indicator, as numbers; NaN is missing.

        Returns
        -------
        DataFrame
            `score`, between 0 and 1, in the input's order.
        """
        rows = pl.DataFrame({name: model_input[name].to_numpy() for name in self.bundle.model.indicators})
        return pd.DataFrame({"score": self.bundle.calibrator.score(self.bundle.model.margin(rows))})


mlflow.models.set_model(TrackedModel())
