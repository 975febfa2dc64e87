"""The pytest plugin: settings of comparisons by a marker, and their certificates as files.

    @pytest.mark.parity(levels=("interface", "values"), time_limit=20)
    def test_the_new_block_is_the_old_one():
        assert_layers_equivalent(old_block, new_block, INPUTS)

`pytest -m "not parity"` leaves such tests out: each needs seconds.  pytest loads this module in every session, so it
imports nothing of layerparity before a test with the marker, or with --parity-certificates, runs.
"""

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pipeline.records import Certificate

MARKER = "parity(**settings): settings of assert_layers_equivalent in this test, as for pipeline.compare"
OPTION = "--parity-certificates"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option."""
    told = "write the certificate of each comparison there, as HTML and JSON"
    parser.getgroup("layerparity").addoption(OPTION, type=Path, metavar="DIR", help=told)


def pytest_configure(config: pytest.Config) -> None:
    """The marker."""
    config.addinivalue_line("markers", MARKER)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """While the test runs, its marker's settings hold and its certificates are kept."""
    marker, folder = item.get_closest_marker("parity"), item.config.getoption(OPTION)
    if marker is None and folder is None:
        return (yield)
    from pipeline.testing import MARKED, TOLD

    numbers = count(1)

    def keep(certificate: "Certificate") -> None:
        if folder is not None:
            _keep(certificate, folder, f"{_as_file(item.nodeid)}-{next(numbers)}")

    marked, told = MARKED.set(marker.kwargs if marker else {}), TOLD.set(keep)
    try:
        return (yield)
    finally:
        MARKED.reset(marked)
        TOLD.reset(told)


def _keep(certificate: "Certificate", folder: Path, name: str) -> None:
    from pipeline.report.certificate_html import page
    from pipeline.store.atomic import write_atomic

    write_atomic(folder / f"{name}.html", page(certificate))
    write_atomic(folder / f"{name}.json", certificate.to_json().encode() + b"\n")


def _as_file(nodeid: str) -> str:
    return re.sub(r"[^\w.-]+", "-", nodeid).strip("-.")[-150:]
