"""The manifests fit each other, the image and this version.  `make lint-deploy` checks them against schemas."""

import re
from pathlib import Path

import pytest
import yaml
from ray.autoscaler._private.util import prepare_config, validate_config

from pipeline import config

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "docker" / "Dockerfile").read_text(encoding="utf-8")
VOLUME, JOB = yaml.safe_load_all((ROOT / "jobs" / "rayjob.yaml").read_text(encoding="utf-8"))
CLUSTER = JOB["spec"]["rayClusterSpec"]
GROUPS = {"head": CLUSTER["headGroupSpec"], **{group["groupName"]: group for group in CLUSTER["workerGroupSpecs"]}}

# The fields of the RayJob resource, ray.io/v1, that KubeRay 1.5 documents and a manifest of ours may use.
JOB_FIELDS = {
    "activeDeadlineSeconds", "backoffLimit", "clusterSelector", "entrypoint", "entrypointNumCpus", "jobId", "metadata",
    "rayClusterSpec", "runtimeEnvYAML", "shutdownAfterJobFinishes", "submissionMode", "submitterConfig",
    "submitterPodTemplate", "suspend", "ttlSecondsAfterFinished",
}  # fmt: skip
CLUSTER_FIELDS = {
    "authOptions", "autoscalerOptions", "enableInTreeAutoscaling", "gcsFaultToleranceOptions", "headGroupSpec",
    "headServiceAnnotations", "rayVersion", "suspend", "workerGroupSpecs",
}  # fmt: skip
GROUP_FIELDS = {
    "groupName", "replicas", "minReplicas", "maxReplicas", "numOfHosts", "idleTimeoutSeconds", "labels",
    "rayStartParams", "resources", "scaleStrategy", "suspend", "template",
}  # fmt: skip


@pytest.fixture(params=GROUPS, name="pod")
def _pod(request):
    return GROUPS[request.param]["template"]["spec"]


def test_every_field_is_one_of_the_resource():
    assert (JOB["apiVersion"], JOB["kind"]) == ("ray.io/v1", "RayJob")
    assert set(JOB["spec"]) <= JOB_FIELDS
    assert set(CLUSTER) <= CLUSTER_FIELDS
    for name, group in GROUPS.items():
        assert set(group) <= GROUP_FIELDS, name
        assert all(isinstance(value, str) for value in group["rayStartParams"].values())


def test_kubernetes_runs_the_version_of_ray_that_is_locked():
    (locked,) = re.findall(r"^ray==(\S+)", (ROOT / "docker" / "requirements-cpu.lock").read_text(), re.MULTILINE)
    assert CLUSTER["rayVersion"] == locked


def test_the_entrypoint_is_the_job_of_a_config_that_the_image_has():
    command, module, name, config_file, *options = JOB["spec"]["entrypoint"].split()
    assert (command, module, name) == ("python", "-m", "jobs.run")
    assert options[0] == "--run-dir"
    assert config.load(ROOT / Path(config_file).relative_to("/app")).name
    for folder in ("configs", "jobs"):
        assert f"COPY {folder} /app/{folder}" in DOCKERFILE


def test_a_job_that_is_started_again_finds_its_run_on_a_volume_that_outlives_the_cluster():
    spec = GROUPS["head"]["template"]["spec"]
    (claimed,) = [v["persistentVolumeClaim"]["claimName"] for v in spec["volumes"] if "persistentVolumeClaim" in v]
    assert claimed == VOLUME["metadata"]["name"]
    mounts = {mount["name"]: mount["mountPath"] for mount in spec["containers"][0]["volumeMounts"]}
    assert JOB["spec"]["entrypoint"].split("--run-dir ")[1].startswith(mounts["runs"] + "/")
    assert JOB["spec"]["backoffLimit"] > 0


def test_no_verdict_starts_a_job_again():
    assert "--verdict-is-success" in JOB["spec"]["entrypoint"]


def test_a_pod_is_not_root_and_writes_only_to_its_volumes(pod):
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert f"USER {pod['securityContext']['runAsUser']}:" in DOCKERFILE
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}
    assert "/tmp" in {mount["mountPath"] for mount in container["volumeMounts"]}


def test_a_pod_is_asked_by_http_for_the_image_has_no_wget(pod):
    (container,) = pod["containers"]
    assert {"httpGet"} == {key for probe in ("readinessProbe", "livenessProbe") for key in container[probe]} - {
        "initialDelaySeconds", "periodSeconds", "timeoutSeconds", "failureThreshold",
    }  # fmt: skip


@pytest.mark.parametrize(("group", "resource"), [("gpu", "nvidia.com/gpu"), ("tpu", "google.com/tpu")])
def test_groups_of_accelerators_start_at_none_and_hold_what_their_name_says(group, resource):
    (container,) = GROUPS[group]["template"]["spec"]["containers"]
    assert GROUPS[group]["minReplicas"] == 0
    assert int(container["resources"]["limits"][resource]) > 0
    assert container["image"].endswith(f":{group}")


def test_the_launchers_file_is_one_by_rays_own_schema():
    read = yaml.safe_load((ROOT / "jobs" / "cluster.yaml").read_text(encoding="utf-8"))
    prepared = prepare_config(read)
    validate_config(prepared)
    assert {name: kind["resources"] for name, kind in prepared["available_node_types"].items()} == {
        "head": {"CPU": 0},
        "cpu": {"CPU": 16},
        "gpu": {"CPU": 8, "GPU": 1},
        "tpu": {"CPU": 96, "TPU": 8},
    }


def test_a_jobs_environment_installs_nothing():
    read = yaml.safe_load((ROOT / "jobs" / "runtime_env.yaml").read_text(encoding="utf-8"))
    assert set(read) == {"env_vars"}
    assert all(isinstance(value, str) for value in read["env_vars"].values())
