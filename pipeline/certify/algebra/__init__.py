"""Do two programs compute the same real function?  They are run over a finite field, where equal means identical."""

from pipeline.certify.algebra.comparison import SCOPE, AlgebraResult, compare

__all__ = ["SCOPE", "AlgebraResult", "compare"]
