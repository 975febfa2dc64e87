"""Checks the volume and every pod of jobs/rayjob.yaml against Kubernetes' own schemas: `make lint-deploy` runs it.

The RayJob around the pods has a schema in no package of the usual registries; tests/jobs checks its fields.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import yaml

VERSION = "1.34"
MANIFEST = Path(__file__).parents[1] / "jobs" / "rayjob.yaml"


def main() -> int:
    """0 if all are valid; kubernetes_validate's ValidationError if not."""
    volume, job = yaml.safe_load_all(MANIFEST.read_text(encoding="utf-8"))
    resources = [volume, *_pods(job["spec"]["rayClusterSpec"])]
    for resource in resources:
        kubernetes_validate.validate(resource, VERSION, strict=True)
    print(f"{MANIFEST.name}: {len(resources)} resources are valid for Kubernetes {VERSION}")
    return 0


def _pods(cluster: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for group in [cluster["headGroupSpec"], *cluster["workerGroupSpecs"]]:
        template = group["template"]
        metadata = {"name": group.get("groupName", "head"), **template.get("metadata", {})}
        yield {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}


if __name__ == "__main__":
    sys.exit(main())
