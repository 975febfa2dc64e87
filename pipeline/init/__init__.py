"""`parity init`: a package, a config, a test and a cluster job for a pair of the user's own, ready to run."""

from pipeline.init.scaffold import KINDS, next_steps, write

__all__ = ["KINDS", "next_steps", "write"]
