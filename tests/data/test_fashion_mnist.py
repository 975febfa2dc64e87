"""Fashion-MNIST: hand-made Debian packages, then the real one."""

import gzip
import subprocess

import numpy as np
import pytest

from pipeline.data.fashion_mnist import FOLDER, prepare
from pipeline.errors import DataError


def idx(values):
    """The file of that array of bytes."""
    header = bytes([0, 0, 8, values.ndim]) + np.array(values.shape, ">u4").tobytes()
    return gzip.compress(header + values.astype("u1").tobytes())


@pytest.fixture
def package(tmp_path):
    """Packs the pictures and labels of both parts."""

    def pack(**changed):
        pictures, labels = idx(np.full((2, 28, 28), 51)), idx(np.array([3, 9]))
        files = {
            f"{part}-{file}": content
            for part in ("train", "t10k")
            for file, content in (("images-idx3-ubyte.gz", pictures), ("labels-idx1-ubyte.gz", labels))
        }
        for name, content in (files | {name.replace("_", "-"): content for name, content in changed.items()}).items():
            path = tmp_path / "tree" / FOLDER / (name if name.endswith(".gz") else f"{name}-ubyte.gz")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        control = tmp_path / "tree" / "DEBIAN" / "control"
        control.parent.mkdir()
        control.write_text(
            "Package: clothes\nVersion: 1\nArchitecture: all\nMaintainer: me <me@here>\nDescription: x\n"
        )
        packed = tmp_path / "clothes.deb"
        subprocess.run(["dpkg-deb", "--build", tmp_path / "tree", packed], check=True, capture_output=True)
        return packed

    return pack


def test_pixels_are_scaled_to_one_and_pictures_become_vectors(package):
    dataset = prepare(package())
    np.testing.assert_allclose(dataset.train.parts["vectors"], np.full((2, 784), 0.2), rtol=1e-6)
    assert dataset.test.targets.tolist() == [3, 9]


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"train_labels_idx1": idx(np.array([3]))}, r"train: pictures \(2, 28, 28\) and labels \(1,\)"),
        ({"train_labels_idx1": idx(np.array([3, 10]))}, "up to 10 don't go together"),
        ({"t10k_images_idx3": idx(np.zeros((2, 9, 9)))}, r"t10k: pictures \(2, 9, 9\)"),
        ({"t10k_images_idx3": gzip.compress(b"no idx")}, "t10k-images-idx3-ubyte.gz begins with .* which is not idx"),
        ({"t10k_images_idx3": idx(np.zeros((2, 28, 28)))[:-9]}, "t10k-images-idx3-ubyte.gz is damaged"),
    ],
)
def test_what_does_not_go_together_is_refused(package, changed, fault):
    with pytest.raises(DataError, match=rf"clothes\.deb: .*{fault}.*; delete it and fetch it again"):
        prepare(package(**changed))


def test_a_file_that_is_no_package_is_refused(tmp_path):
    path = tmp_path / "clothes.deb"
    path.write_bytes(b"no package")
    with pytest.raises(DataError, match=r"clothes\.deb: is no Debian package \(.+\)"):
        prepare(path)


def test_a_machine_without_dpkg_is_told_what_is_needed(package, monkeypatch):
    packed = package()
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DataError, match="dpkg-deb is not on this machine; install the package dpkg"):
        prepare(packed)


def test_real_clothes_have_the_published_shapes_and_balance(loaded):
    dataset = loaded("fashion_mnist")
    assert (dataset.train.parts["vectors"].shape, dataset.test.parts["vectors"].shape) == ((60_000, 784), (10_000, 784))
    assert np.bincount(dataset.train.targets).tolist() == [6_000] * 10
    assert np.bincount(dataset.test.targets).tolist() == [1_000] * 10
