"""The level under tf_keras, in a process of that frontend, and the devices that a process needs for the level."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.frontend import IS_KERAS_3

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
IN_USE = """
import tensorflow as tf
tf.zeros(1)
import keras
from pipeline import InputSpec, compare
def dense():
    return keras.layers.Dense(2)
certificate = compare(dense, dense, [InputSpec((3,))], levels=("values", "distribution"))
print(certificate.verdict, certificate.left_out)
"""
ARMS = """
import keras
import tensorflow as tf
tf.zeros(1)  # TensorFlow is in use from here on
def dense():
    return keras.layers.Dense(2)
"""


def ran(*arguments, folder=None, **environment):
    command = [sys.executable, "-W", "ignore", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=240)


@pytest.mark.skipif(not IS_KERAS_3, reason="this process is the one with tf_keras")
def test_the_level_holds_under_tf_keras():
    tests = str(HERE / "test_distribution_level.py")
    chosen = ("-k", "family or aggregation or synchronized", tests)
    done = ran("-m", "pytest", "-q", "-p", "no:cacheprovider", *chosen, folder=ROOT, PARITY_FRONTEND="tf_keras")
    assert done.returncode == 0, done.stdout[-4000:]


def test_a_process_that_used_tensorflow_with_one_device_leaves_the_level_out_with_the_reason():
    done = ran("-c", IN_USE)
    assert done.stdout.startswith("identical"), done.stderr[-2000:]
    assert "it needs 2 logical CPU devices and TensorFlow was already in use here with 1" in done.stdout


def test_the_command_line_has_the_devices_even_if_the_arms_module_uses_tensorflow(tmp_path):
    (tmp_path / "arms.py").write_text(ARMS)
    levels = ("--inputs", "float32[3]", "--levels", "values,distribution", "--json", "out.json")
    done = ran("-m", "pipeline", "compare", "arms.py:dense", "arms.py:dense", *levels, folder=tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    assert '"replicas agree"' in (tmp_path / "out.json").read_text()
