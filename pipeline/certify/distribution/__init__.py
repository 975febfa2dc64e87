"""Level distribution: does each arm train on two replicas as on one device, and do the arms train alike there?"""

from pipeline.certify.distribution.devices import missing, set_up
from pipeline.certify.distribution.level import check

__all__ = ["check", "missing", "set_up"]
