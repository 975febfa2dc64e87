"""Level values: is there a counterexample?  Outputs, gradients and state, compared on data."""

from pipeline.certify.values.level import check

__all__ = ["check"]
