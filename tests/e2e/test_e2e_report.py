"""`parity report` renders again, anywhere."""

import subprocess
import sys

from places import ROOT


def test_report_needs_neither_tensorflow_nor_ray(smoke_run):
    code = (
        "import sys; from pipeline.cli import main; code = main(['report', sys.argv[1]]);"
        "print('loaded:', {'tensorflow', 'keras', 'tf_keras', 'ray'} & set(sys.modules)); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(smoke_run)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "loaded: set()" in done.stdout


def test_report_renders_the_same_bytes_again(parity, smoke_run):
    before = {p.name: p.read_bytes() for p in (smoke_run / "report").iterdir()}
    assert parity("report", smoke_run).returncode == 0
    assert {p.name: p.read_bytes() for p in (smoke_run / "report").iterdir()} == before


def test_a_deleted_report_is_made_again(parity, smoke_run):
    page = smoke_run / "report" / "index.html"
    before = page.read_bytes()
    page.unlink()
    assert parity("report", smoke_run).returncode == 0
    assert page.read_bytes() == before
