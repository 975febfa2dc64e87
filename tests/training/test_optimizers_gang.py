"""The row-touching optimizers over two processes that train together."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from synthetic import DATA, ONE_DEVICE, make_trial

from pipeline.training.run import train_arms

WORKER = """
import json
import msgspec
from synthetic import DATA, PROFILE, make_trial
from pipeline.records import Strategy
from pipeline.training import process
from pipeline.training.run import train_arms

profile = msgspec.structs.replace(PROFILE, logical_devices=1)
process.configure(profile)
trial = make_trial("lookup", Strategy("multi_worker_mirrored", workers=2), optimizer="lazy_adam")
trained = train_arms(msgspec.structs.replace(trial, profile=profile), DATA["lookup"]())[0]
print(json.dumps({role: weight.tolist() for role, weight in trained.weights.items()}))
"""


def free_addresses(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    addresses = [f"127.0.0.1:{each.getsockname()[1]}" for each in sockets]
    for each in sockets:
        each.close()
    return addresses


def start(addresses, index):
    config = {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": index}}
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    environment = {**os.environ, "PYTHONPATH": path, "TF_CONFIG": json.dumps(config)}
    return subprocess.Popen([sys.executable, "-c", WORKER], env=environment, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def gang():
    addresses = free_addresses(2)
    processes = [start(addresses, index) for index in range(2)]
    yield processes
    for each in processes:
        each.kill()
        each.wait()


def test_two_workers_train_as_one_device(gang):
    alone = train_arms(make_trial("lookup", ONE_DEVICE, optimizer="lazy_adam"), DATA["lookup"]())[0].weights
    for worker in gang:
        weights = json.loads(worker.communicate(timeout=200)[0].splitlines()[-1])
        for role, weight in alone.items():
            np.testing.assert_allclose(weights[role], weight, rtol=1e-6, atol=1e-6)
