"""What trials may cost before they are ended, how often they are tried again, what a user can do about each fault."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pipeline.records.base import FailureCategory


@dataclass(frozen=True)
class TrialLimits:
    """How long a trial of one process may go without a sign of progress.  Part of the config schema.

    Seconds from its beginning in a worker to the first sign, and from one sign to the next; in all, for what gives no
    signs (a certificate, an article example, a timing); from one snapshot of a train trial to the next, at least.
    """

    start_seconds: float = 300.0
    stall_seconds: float = 300.0
    whole_seconds: float = 1800.0
    snapshot_seconds: float = 60.0


@dataclass(frozen=True)
class Retries:
    """How often a trial of one process is tried again, by what made it fail.  Part of the config schema.

    What is not here is deterministic, and never tried again: it would fail in the same way.
    """

    infrastructure: int = 2
    preempted: int = 8
    out_of_memory: int = 1
    timeout: int = 1

    def of(self, category: FailureCategory) -> int:
        """0 for what is deterministic."""
        return int(getattr(self, category, 0))


# In the order in which the report tells them: what is the user's to mend comes first.
REMEDIES: Mapping[FailureCategory, str] = MappingProxyType(
    {
        "user_code": "The traceback says where: mend the builder, the data or the setting it names, and run again.",
        "numeric": "Lower train.learning_rate, or use a wider dtype policy: the same trial would diverge again.",
        "infeasible": "The cluster lost, or never had, what the trial holds: add nodes, or lower resources.",
        "out_of_memory": "Raise resources.cpus_per_device, so that fewer trials share a machine, or lower "
        "train.global_batch; what is tried again starts from its last snapshot.",
        "timeout": "If the trial only needs longer, raise trials.start_seconds, stall_seconds or whole_seconds (of a "
        "gang: gangs.*), and run again.",
        "preempted": "Run again: it goes on from its last snapshot. Where notices are many, raise retries.preempted.",
        "infrastructure": "Run again: what is finished is kept. If it comes back, look at the machine it names, and at "
        "Ray's logs there.",
    }
)
