"""A driver with one endless trial, for a test to interrupt.  Says when the trial has begun, and that it was stopped."""

import sys
import time

from pipeline.cluster.ray_executor import execute
from pipeline.cluster.worker import Runner
from pipeline.records import Dataset, ExampleTrial, Profile, Resources, Trial


def sleep(_: Trial, __: Dataset | None) -> None:
    time.sleep(600)


def configure(_: Profile) -> None:
    pass


if __name__ == "__main__":
    endless = ExampleTrial("e1", "complex_layer", "keras", Profile(), Resources())
    try:
        list(execute([endless], {}, runner=Runner(sleep, configure), on_start=lambda _: print("begun", flush=True)))
    except KeyboardInterrupt:
        print("interrupted")
        sys.exit(130)
