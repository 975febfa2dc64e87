"""The optimizers that a trial trains with: Keras' own with repeats summed, and those that touch only a batch's rows."""

from pipeline.training.optimizers.registry import OPTIMIZERS, build

__all__ = ["OPTIMIZERS", "build"]
