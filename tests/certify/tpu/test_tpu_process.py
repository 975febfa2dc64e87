import sys
import textwrap
import time

import pytest

from pipeline.certify.tpu.process import TOPOLOGY, available, compile_all

TEXTS = {"baseline-0": "module @a", "candidate-0": "module @b"}


def compiler(script: str) -> tuple[str, ...]:
    """A process of its own in the compiler's place; it finds the folder's path in `folder`."""
    start = "import json, os, pathlib, sys, time\nfolder = pathlib.Path(sys.argv[1])\n"
    return sys.executable, "-c", start + textwrap.dedent(script)


def test_every_module_reaches_the_compiler_as_a_job_and_its_text():
    echo = """
        for job in json.loads((folder / "jobs.json").read_text()):
            text = (folder / (job["name"] + ".mlir")).read_text()
            answer = {"name": job["name"], "compiled": False, "seconds": 1.5, "why": job["topology"] + " " + text}
            (folder / (job["name"] + ".json")).write_text(json.dumps(answer))
    """
    answers = compile_all(TEXTS, 30, compiler(echo)).answers
    assert {name: answer.why for name, answer in answers.items()} == {
        "baseline-0": f"{TOPOLOGY} module @a",
        "candidate-0": f"{TOPOLOGY} module @b",
    }


def test_a_compiler_that_dies_is_told_with_its_last_words():
    done = compile_all(TEXTS, 30, compiler("sys.exit('Check failed: layout')"))
    assert done.broken == "the compiler's process ended with code 1"
    assert "Check failed: layout" in done.stderr
    assert not done.late


def test_an_answer_given_before_the_compiler_dies_is_kept():
    dying = """
        (folder / "baseline-0.json").write_text('{"name": "baseline-0", "compiled": true, "seconds": 0.1}')
        (folder / "baseline-0.hlo").write_bytes(b"program")
        os._exit(134)
    """
    done = compile_all(TEXTS, 30, compiler(dying))
    assert list(done.answers) == ["baseline-0"]
    assert done.programs == {"baseline-0": b"program"}
    assert done.broken.endswith("code 134")


def test_a_compiler_that_hangs_is_killed_when_time_is_up():
    began = time.monotonic()
    done = compile_all(TEXTS, 0.5, compiler("time.sleep(60)"))
    assert time.monotonic() - began < 10
    assert done.late
    assert done.broken.startswith("time was up")


def test_a_compiler_that_answers_everything_is_not_broken_whatever_its_exit_code():
    rude = """
        for name in ("baseline-0", "candidate-0"):
            (folder / (name + ".json")).write_text(json.dumps({"name": name, "compiled": False, "seconds": 0.1}))
        os._exit(1)
    """
    assert compile_all(TEXTS, 30, compiler(rude)).broken == ""


def test_the_compiler_asks_no_metadata_server_and_shares_the_library():
    told = """
        names = ("TPU_SKIP_MDS_QUERY", "ALLOW_MULTIPLE_LIBTPU_LOAD", "JAX_PLATFORMS")
        sys.exit(" ".join(os.environ[name] for name in names))
    """
    assert compile_all(TEXTS, 30, compiler(told)).stderr.split() == ["1", "1", "cpu"]


@pytest.mark.parametrize("missing", ["jax", "libtpu"])
def test_the_extra_is_absent_where_either_package_is(missing, monkeypatch):
    monkeypatch.setitem(sys.modules, missing, None)
    assert not available()
