"""Level lifecycle: the same after save, load, clone, export, fit, freeze, and in every corner of use?"""

from pipeline.certify.lifecycle.level import check
from pipeline.certify.lifecycle.process import FreshProcess, start

__all__ = ["FreshProcess", "check", "start"]
