import subprocess
import sys

import msgspec
import pytest
from golden_run import GOLDEN, SCHEMA, SNAPSHOTS, golden_run

from pipeline.analysis import analyse
from pipeline.records import Run
from pipeline.report.document import schema_bytes

REMEDY = "if the change is meant: python tests/report/golden_run.py"


def test_the_golden_run_on_disk_is_what_its_generator_makes(golden):
    assert golden == golden_run(), REMEDY


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_the_report_of_the_golden_run_is_its_snapshot(files, name):
    assert files[name].decode() == (GOLDEN / name).read_text(encoding="utf-8"), REMEDY


def test_the_schema_on_disk_is_the_records_own():
    assert schema_bytes() == SCHEMA.read_bytes(), REMEDY


def test_the_golden_run_shows_every_verdict_that_training_can_give(golden):
    verdicts = {summary.verdict for summary in analyse(golden)}
    assert verdicts == {"identical", "equivalent", "different", "inconclusive", "unsupported", "infeasible"}


def test_the_same_run_gives_the_same_bytes(golden, files, render_run):
    assert render_run(msgspec.json.decode(msgspec.json.encode(golden), type=Run)) == files


def test_the_order_of_keys_in_a_stored_record_changes_nothing_that_is_read(golden, files, render_run):
    stored = render_run(msgspec.json.decode(msgspec.json.encode(golden, order="sorted"), type=Run))
    assert [name for name in ("index.html", "report.md", "junit.xml") if stored[name] != files[name]] == []


def test_rendering_imports_neither_tensorflow_nor_ray():
    code = (
        "import sys, msgspec\n"
        "from pipeline.records import Run\n"
        "from pipeline.analysis import analyse, answer_claims\n"
        "from pipeline.report import render\n"
        f"run = msgspec.json.decode(open({str(GOLDEN / 'run.json')!r}, 'rb').read(), type=Run)\n"
        "summaries = analyse(run)\n"
        "render(run, summaries, answer_claims(run, summaries))\n"
        "print(sorted({'tensorflow', 'keras', 'tf_keras', 'ray', 'pandas', 'omegaconf'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
