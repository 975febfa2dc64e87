"""What TensorFlow's profiler sees of an arm's steps: an XSpace, which TensorBoard's Profile plugin shows."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import tensorflow as tf

from pipeline.records import Phase
from pipeline.timing.programs import Program

STEPS = 20  # of each program
OPTIONS = tf.profiler.experimental.ProfilerOptions(host_tracer_level=2, python_tracer_level=0, device_tracer_level=1)


def trace(programs: Mapping[Phase, Program]) -> bytes:
    """Of so many steps of each program, which has been called before; every step in a call of its own, and marked."""
    with tempfile.TemporaryDirectory(prefix="parity-trace-") as folder:
        with tf.profiler.experimental.Profile(folder, OPTIONS):
            for number, phase in enumerate([phase for phase in programs for _ in range(STEPS)]):
                with tf.profiler.experimental.Trace(phase, step_num=number, _r=1):
                    programs[phase](1)
        (found,) = Path(folder).rglob("*.xplane.pb")
        return found.read_bytes()
