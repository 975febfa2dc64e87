from pathlib import Path

import pytest

from benchmarks.audit import unpinned, verdict

LOCK = Path(__file__).parents[1] / "requirements.lock"
GOOD, BAD = {"name": "a", "version": "1", "vulns": []}, {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1"}]}
SKIPPED = {"name": "c", "skip_reason": "not found"}


def test_every_locked_package_is_pinned_with_hashes():
    assert unpinned(LOCK.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("line", ["numpy", "numpy>=2", "numpy==2.0", "numpy==2.0 --hash=sha256:12", "-e ."])
def test_a_package_without_version_or_hash_is_named(line):
    assert unpinned(f"{line}\n") == [line.split()[0]]


@pytest.mark.parametrize(
    ("found", "code"),
    [([GOOD], 0), ([GOOD, BAD], 1), ([GOOD, SKIPPED], 2), ([BAD, SKIPPED], 1), ([], 2)],
)
def test_what_was_not_looked_up_is_not_called_safe(found, code):
    assert verdict(found)[0] == code
    assert ("NOT AUDITED" in verdict(found)[1][-1]) == (SKIPPED in found or not found)
