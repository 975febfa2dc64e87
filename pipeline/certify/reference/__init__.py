"""What a program's results are when no rounding spoils them: the arbiter between two arms."""

from pipeline.certify.program.interpret.walk import Unsupported
from pipeline.certify.reference.evaluation import evaluate

__all__ = ["Unsupported", "evaluate"]
