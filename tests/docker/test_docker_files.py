"""What can be said of the images without building them.  `make lint-deploy` has hadolint and the compose schema."""

import json
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DOCKER = ROOT / "docker"
DOCKERFILE = (DOCKER / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((DOCKER / "compose.yaml").read_text(encoding="utf-8"))
HARDWARE = ("cpu", "gpu", "tpu")
STANDS_IN = {"tensorflow-tpu", "tf-keras", "tensorboard"}  # one minor version behind: docker/requirements-tpu.in


def locked(path: Path) -> dict[str, str]:
    """Versions by distribution."""
    pairs = re.findall(r"^([a-z0-9][\w.-]*)==(\S+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    return dict(pairs)


@pytest.mark.parametrize("hardware", HARDWARE)
def test_an_image_has_the_versions_that_are_tested(hardware):
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    tested = set(re.findall(r"^([a-z0-9][\w.-]*==\S+)", text, re.MULTILINE))
    names = {pin.split("==")[0] for pin in tested}
    image = locked(DOCKER / f"requirements-{hardware}.lock").items()
    assert {f"{name}=={version}" for name, version in image if name in names - STANDS_IN} <= tested


def test_only_accelerator_packages_are_more_than_the_cpu_image_has():
    names = {hardware: set(locked(DOCKER / f"requirements-{hardware}.lock")) for hardware in HARDWARE}
    assert all(name.startswith("nvidia-") for name in names["gpu"] - names["cpu"])
    assert names["tpu"] - names["cpu"] == {"libtpu", "tensorflow-tpu"}
    assert names["cpu"] - names["tpu"] == {"tensorflow"}


@pytest.mark.parametrize("name", [*HARDWARE, "lint"])
def test_every_package_is_locked_by_hashes_and_names_no_index(name):
    text = (DOCKER / f"requirements-{name}.lock").read_text(encoding="utf-8")
    assert text.count("\n    --hash=sha256:") >= len(locked(DOCKER / f"requirements-{name}.lock")) > 0
    assert "://" not in text


def test_the_image_is_built_in_two_stages_from_hashes_and_does_not_run_as_root():
    assert len(re.findall(r"^FROM ", DOCKERFILE, re.MULTILINE)) == 2
    assert "--require-hashes" in DOCKERFILE
    assert re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)[-1] == "10001:10001"
    assert "HEALTHCHECK" in DOCKERFILE


def test_all_that_is_copied_is_there_and_let_through():
    ignore = (DOCKER / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    copied = [
        line.split()[1:-1] for line in DOCKERFILE.splitlines() if line.startswith("COPY ") and "--from" not in line
    ]
    for source in [name for names in copied for name in names]:
        pattern = source.replace("${HARDWARE}", "*")
        assert list(ROOT.glob(pattern)), source
        assert f"!{pattern}" in ignore, source


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_a_service_is_published_on_loopback_only_and_gains_no_rights(name):
    service = COMPOSE["services"][name]
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]


@pytest.mark.parametrize("name", ["head", "worker", "board"])
def test_a_service_of_the_image_has_a_read_only_root_and_a_scratch(name):
    service = COMPOSE["services"][name]
    assert service["read_only"]
    assert any(entry.startswith("/tmp") for entry in service["tmpfs"])
    assert service["image"].startswith("layerparity:")


def test_the_cluster_is_a_head_and_two_workers_with_one_token():
    services = COMPOSE["services"]
    assert services["worker"]["deploy"]["replicas"] == 2
    for name in ("head", "worker"):
        assert services[name]["secrets"] == ["ray_token"]
        assert services[name]["environment"]["RAY_AUTH_MODE"] == "token"
    assert COMPOSE["secrets"] == {"ray_token": {"environment": "RAY_AUTH_TOKEN"}}


def test_metrics_are_a_profile_and_scraped_where_ray_exports_them():
    assert all(COMPOSE["services"][name]["profiles"] == ["metrics"] for name in ("prometheus", "grafana"))
    scraped = yaml.safe_load((DOCKER / "prometheus.yaml").read_text(encoding="utf-8"))["scrape_configs"][0]
    (target,) = scraped["dns_sd_configs"]
    for name in target["names"]:
        assert f"--metrics-export-port={target['port']}" in COMPOSE["services"][name]["command"]


def test_what_compose_mounts_is_there():
    mounts = [mount for service in COMPOSE["services"].values() for mount in service.get("volumes", [])]
    for mount in mounts:
        source = mount.split(":")[0]
        assert (DOCKER / source).exists() if source.startswith(".") else source in COMPOSE["volumes"], mount


def test_the_dashboard_asks_for_metrics_that_the_product_or_ray_exports():
    text = (DOCKER / "grafana" / "dashboards" / "run.json").read_text(encoding="utf-8")
    asked = {
        name for panel in json.loads(text)["panels"] for name in re.findall(r"ray_\w+", panel["targets"][0]["expr"])
    }
    assert asked == {
        "ray_parity_trials",
        "ray_parity_examples_per_second",
        "ray_node_cpu_utilization",
        "ray_node_mem_used",
    }
