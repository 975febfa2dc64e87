"""The config schema and `load()`.  The only package that knows OmegaConf.

A config is a YAML file merged over the schema's defaults, then dotlist overrides (`train.epochs=3`).  It is resolved
once and frozen.  Lists along the axes span the matrix; `exclude` rules take cells out again.
"""

from pipeline.config.load import load
from pipeline.config.schema import AUTO_LOOKS, EXCLUDE_KEYS, Experiment, ResourcesConfig

__all__ = ["AUTO_LOOKS", "EXCLUDE_KEYS", "Experiment", "ResourcesConfig", "load"]
