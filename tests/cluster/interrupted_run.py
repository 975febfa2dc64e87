"""A driver with one endless trial, alone or of a gang, for a test to interrupt.

Says when the trial has begun, and that it was stopped.
"""

import sys
import time

from gang_trials import DIGITS, gang_trial

from pipeline.cluster.ray_executor import execute
from pipeline.cluster.worker import Runner
from pipeline.records import Dataset, ExampleTrial, Profile, Resources, Trial
from pipeline.training.monitor import UNWATCHED, Monitor


def sleep(_: Trial, __: Dataset | None, monitor: Monitor = UNWATCHED) -> None:
    monitor.beat()
    time.sleep(600)


def configure(_: Profile) -> None:
    pass


if __name__ == "__main__":
    endless = (
        gang_trial() if sys.argv[1] == "gang" else ExampleTrial("e1", "complex_layer", "keras", Profile(), Resources())
    )
    try:
        list(execute([endless], DIGITS, runner=Runner(sleep, configure), on_start=lambda _: print("begun", flush=True)))
    except KeyboardInterrupt:
        print("interrupted")
        sys.exit(130)
