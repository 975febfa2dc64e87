"""Energy counters, in files such as Linux shows."""

import pytest

from pipeline.timing.energy import Meter


@pytest.fixture
def package(tmp_path):
    """A processor package and the cores in it, which its counter holds already."""
    for name, value in (("intel-rapl:0", 900), ("intel-rapl:0:0", 400)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "energy_uj").write_text(f"{value}\n")
        (tmp_path / name / "max_energy_range_uj").write_text("1000\n")
    return tmp_path / "intel-rapl:0" / "energy_uj"


def test_joules_are_what_the_package_spent(package):
    meter = Meter(package.parents[1])
    before = meter.read()
    package.write_text("950\n")
    assert meter.since(before) == pytest.approx(50e-6)


def test_a_counter_that_began_anew_is_followed(package):
    meter = Meter(package.parents[1])
    before = meter.read()
    package.write_text("100\n")
    assert meter.since(before) == pytest.approx(200e-6)


def test_nothing_is_told_without_counters(tmp_path):
    meter = Meter(tmp_path)
    assert meter.since(meter.read()) is None


def test_nothing_is_told_of_a_counter_that_can_not_be_read(package):
    package.unlink()
    package.mkdir()
    meter = Meter(package.parents[1])
    assert meter.since(meter.read()) is None
