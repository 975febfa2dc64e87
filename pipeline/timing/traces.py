"""What TensorFlow's profiler sees of an arm's steps: an XSpace, which TensorBoard's Profile plugin shows."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

import tensorflow as tf

from pipeline.timing.programs import Program

STEPS = 20  # of each program
OPTIONS = tf.profiler.experimental.ProfilerOptions(host_tracer_level=2, python_tracer_level=0, device_tracer_level=1)


def trace(programs: Iterable[Program]) -> bytes:
    """Of so many steps of each program, which has been called before."""
    with tempfile.TemporaryDirectory(prefix="parity-trace-") as folder:
        with tf.profiler.experimental.Profile(folder, OPTIONS):
            for program in programs:
                program(STEPS)
        (found,) = Path(folder).rglob("*.xplane.pb")
        return found.read_bytes()
