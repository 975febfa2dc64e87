"""A finished run to other tools.  Each needs an extra of its own, imported when it is asked for."""

from pipeline.export.mlflow import Exported, to_mlflow

__all__ = ["Exported", "to_mlflow"]
