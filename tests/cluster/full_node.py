"""A cluster of two nodes, one of them with a full temporary folder on a disk of its own; prints what probing says.

unshare --mount python full_node.py
"""

import os
import subprocess
import tempfile

import ray
from ray.cluster_utils import Cluster

from pipeline.cluster.probe import check_nodes
from pipeline.errors import ClusterError

USUAL = {"num_cpus": 1, "object_store_memory": 100 * 2**20}


def main() -> None:
    with tempfile.TemporaryDirectory() as disk:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], check=True)
        cluster = Cluster()
        try:
            cluster.add_node(**USUAL, include_dashboard=False)
            os.environ["TMPDIR"] = disk  # of the processes of the node that is added
            full = cluster.add_node(**USUAL)
            del os.environ["TMPDIR"]
            cluster.wait_for_nodes()
            ray.init(address=cluster.address, log_to_driver=False)
            print(full.node_id[:8], disk, _said())
            cluster.remove_node(full)
            print(_said())
        finally:
            ray.shutdown()
            cluster.shutdown()
            subprocess.run(["umount", disk], check=True)


def _said() -> str:
    try:
        check_nodes()
    except ClusterError as error:
        return str(error)
    return "all can write"


if __name__ == "__main__":
    main()
