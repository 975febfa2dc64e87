"""Level interface: the same weights in the same roles, outputs, losses and declared spec?"""

from pipeline.certify.interface.level import check
from pipeline.certify.interface.matching import WeightMatch, match_weights, transplant

__all__ = ["WeightMatch", "check", "match_weights", "transplant"]
