"""A cluster that grows: its GPU node starts because a job says that it needs one.  The nodes are Ray's fake ones."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from ray_head import ray_head

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]
GROWS = {
    "cluster_name": "grows",
    "max_workers": 1,
    "upscaling_speed": 10,
    "idle_timeout_minutes": 1,
    "head_node_type": "ray.head.default",
    "provider": {"type": "fake_multinode", "use_node_id_as_ip": True, "disable_node_updaters": True},
    "auth": {},
    "docker": {},
    "file_mounts": {},
    "file_mounts_sync_continuously": False,
    **{name: [] for name in ("cluster_synced_files", "rsync_exclude", "rsync_filter", "initialization_commands")},
    **{f"{node}{what}": [] for node in ("head_", "worker_") for what in ("setup_commands", "start_ray_commands")},
    "setup_commands": [],
    "available_node_types": {
        "ray.head.default": {"resources": {"CPU": 1}, "node_config": {}, "max_workers": 0},
        "gpu": {
            "resources": {"CPU": 1, "GPU": 1, "object_store_memory": 100 * 2**20},
            "labels": {"ray.io/accelerator-type": "A100"},
            "node_config": {},
            "min_workers": 0,
            "max_workers": 1,
        },
    },
}
PROBE = """
import json, ray
from jobs.scale import scaled
from pipeline.cluster.session import connected
from pipeline.errors import ParityError

with connected() as before:
    try:
        with scaled([{needs}], seconds={seconds}):
            with connected() as there:
                print(json.dumps([before.gpus, there.gpus, [node.accelerator for node in there.nodes]]))
    except ParityError as error:
        print(error)
"""


@pytest.fixture(scope="module")
def head():
    with ray_head(cpus=1, grows=GROWS) as there:
        yield there


def probed(head, needs, seconds):
    """What a driver inside the cluster prints, which asks for these needs."""
    code = PROBE.replace("{needs}", repr(needs)).replace("{seconds}", str(seconds))
    environment = {**head.environment, "RAY_ADDRESS": head.gcs, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


def test_what_no_group_has_is_an_error_that_says_where_to_look(head):
    told = probed(head, {"TPU": 4}, 3)
    assert told.startswith("--needs: the cluster has no place for 4 TPU after 3 s; see `ray status`")


def test_the_autoscaler_starts_what_a_run_needs_before_it_is_planned(head):
    before, after, kinds = json.loads(probed(head, {"CPU": 1, "GPU": 1}, 120))
    assert (before, after) == (0, 1)
    assert "A100" in kinds
