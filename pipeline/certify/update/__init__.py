"""Level update: do a few optimizer steps change both arms alike?  The gradient's type matters, not only its value."""

from pipeline.certify.update.level import check

__all__ = ["check"]
