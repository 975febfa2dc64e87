"""`parity compare` as a user has it, with arms in a file of their own outside the package."""

import json
from pathlib import Path

import jsonschema
import pytest

from pipeline import certify_commands, cli
from pipeline.report import certificate_schema

ARMS = """
import sys
import keras
print("user code prints")

def dense():
    print("user code prints")
    return keras.layers.Dense(2, name="one")

def model():
    x = keras.Input((3,))
    return keras.Model(x, keras.layers.Dense(2, name="two")(x))

def other():
    return keras.layers.Dense(2, activation="relu", name="other")

def raises():
    raise ValueError("units must be \\x1b[31mpositive\\x1b[0m")

def leaves():
    sys.exit("bye")

class Leaving(keras.layers.Layer):
    # Calls exit when it has been called often enough to be in the middle of a comparison.
    calls = 0
    def call(self, x):
        Leaving.calls += 1
        if Leaving.calls > 12:
            sys.exit(4)
        return x

def neither():
    return {"a": 1}

NUMBER = 3
"""
QUICK = ["--inputs", "float32[3]", "--levels", "interface,values", "--batch", "2"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("compare")
    (folder / "arms_of_mine.py").write_text(ARMS)
    (folder / "map.yaml").write_text("two/kernal: one/kernel\n")
    (folder / "list.yaml").write_text("- two/kernel\n")
    return folder


@pytest.fixture(scope="module")
def same(parity, folder):
    """Two builders that are the same layer, compared in full."""
    files = ["--json", "out/same.json", "--html", "out/same.html"]
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("TF_CPP_MIN_LOG_LEVEL", raising=False)  # as a user's shell is; other tests set it here
        return parity(
            "compare", "arms_of_mine:model", "arms_of_mine:dense", "--inputs", "float32[3]", *files, cwd=folder
        )


def test_the_same_layer_is_exit_code_0_and_its_verdict_the_first_line(same):
    assert same.returncode == 0, same.stderr
    assert same.stdout.startswith("Proven the same: ")
    assert "proven: arms_of_mine:model against arms_of_mine:dense on float32[3]{-3..3}" in same.stdout


def test_what_user_code_prints_is_not_in_the_output(same):
    assert "user code prints" not in same.stdout
    assert set(same.stderr.splitlines()) == {"user code prints"}


def test_the_json_satisfies_the_schema(same, folder):
    assert same.returncode == 0
    made = json.loads((folder / "out/same.json").read_bytes())
    jsonschema.validate(made, certificate_schema.certificate_schema())
    assert (made["verdict"], made["candidate"]) == ("proven", "arms_of_mine:dense")


def test_the_html_page_says_the_same(same, folder):
    sentence = same.stdout.splitlines()[0]
    assert sentence in (folder / "out/same.html").read_text(encoding="utf-8")


def test_under_the_other_frontend_another_keras_layer_is_refused(parity, folder):
    done = parity("compare", "arms_of_mine:dense", "arms_of_mine:dense", *QUICK, "--frontend", "tf_keras", cwd=folder)
    assert done.returncode == 3
    assert "neither a Layer nor a Model of tf_keras" in done.stderr


@pytest.fixture
def compare(folder, monkeypatch, capfd):
    """The command in this process: its exit code, stdout, and the last line of stderr."""
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(folder)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(["compare", *arguments])
        captured = capfd.readouterr()
        assert "Traceback" not in captured.err
        return code, captured.out, captured.err.splitlines()[-1] if captured.err else ""

    return run


def test_a_different_layer_is_exit_code_1_with_the_smallest_failing_input(compare):
    code, out, _ = compare("arms_of_mine.py:dense", "arms_of_mine.py:other", *QUICK)
    assert code == 1
    assert out.startswith("Different at level values: ")
    assert "Counterexample, smallest failing input found" in out


def test_an_inconclusive_pair_is_exit_code_2(compare):
    code, out, _ = compare("arms_of_mine:dense", "arms_of_mine:dense", *QUICK, "--levels", "interface")
    assert (code, out.splitlines()[0]) == (2, "Not decided: no values were compared.")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere:dense", "arms_of_mine:dense"], "baseline: module 'nowhere' can't be imported"),
        (["arms_of_mine:dense", "nowhere.py:dense"], "candidate: there is no file nowhere.py"),
        (["arms_of_mine:dense", "arms_of_mine:dens"], "candidate: arms_of_mine has no 'dens'"),
        (["arms_of_mine:NUMBER", "arms_of_mine:dense"], "baseline: arms_of_mine:NUMBER is a int"),
        (["arms_of_mine", "arms_of_mine:dense"], "baseline: 'arms_of_mine' is not module:callable"),
        (["arms_of_mine:dense", "arms_of_mine:raises"], "candidate: its builder raised ValueError: units must be"),
        (["arms_of_mine:leaves", "arms_of_mine:dense"], "baseline: its builder raised SystemExit: bye"),
        (["arms_of_mine:neither", "arms_of_mine:dense"], "baseline: its builder returned dict, which is neither"),
        (["arms_of_mine:dense", "arms_of_mine:model", "--inputs", "float32[7]"], "candidate: it can't be called on"),
        (["arms_of_mine:dense", "arms_of_mine:dense", "--inputs", "int32"], "--inputs 'int32': is not dtype[shape]"),
        (["arms_of_mine:dense", "arms_of_mine:dense", "--levels", "frob"], "levels: unknown 'frob'; use one of"),
        (["arms_of_mine:dense", "arms_of_mine:dense", "--optimizers", "lbfgs"], "optimizers: unknown 'lbfgs'; use one"),
        (["arms_of_mine:dense", "arms_of_mine:dense", "--dtype-policy", "int4"], "dtype_policy: unknown 'int4'"),
        (["arms_of_mine:dense", "arms_of_mine:dense", "--tolerance", "2"], "tolerance=2.0 is out of range"),
        (["arms_of_mine:dense", "arms_of_mine:dense", "--weights-map", "none.yaml"], "none.yaml: can't be read"),
        (["arms_of_mine:dense", "arms_of_mine:dense", "--weights-map", "list.yaml"], "list.yaml: is not a mapping"),
        (["arms_of_mine:model", "arms_of_mine:dense", "--weights-map", "map.yaml"], "no unpaired weight called"),
    ],
)
def test_a_mistake_is_one_line_that_names_it_and_exit_code_3(compare, arguments, says):
    code, out, last = compare(*arguments[:2], *QUICK, *arguments[2:])
    assert (code, out) == (3, "")
    assert last.startswith("parity: ")
    assert says in last


def test_an_error_of_user_code_can_not_command_the_terminal(compare):
    _, _, last = compare("arms_of_mine:dense", "arms_of_mine:raises", *QUICK)
    assert "\x1b" not in last


def test_debug_shows_the_traceback(folder, monkeypatch):
    monkeypatch.chdir(folder)
    with pytest.raises(certify_commands.ConfigError):
        cli.main(["compare", "arms_of_mine:dense", "arms_of_mine:dense", "--inputs", "int32", "--debug"])


def test_an_arm_that_calls_exit_while_it_is_compared_is_one_line(compare):
    code, out, last = compare("arms_of_mine:Leaving", "arms_of_mine:Leaving", *QUICK)
    assert (code, out) == (3, "")
    assert "an arm called exit(4) while it was compared" in last


def test_a_file_that_can_not_be_written_is_named_with_its_option(compare, folder):
    (folder / "file").write_text("")
    code, _, last = compare("arms_of_mine:dense", "arms_of_mine:dense", *QUICK, "--json", "file/out.json")
    assert code == 3
    assert last.startswith("parity: --json file/out.json: can't be written")


def test_the_files_are_written_even_if_nobody_reads_on(folder, monkeypatch):
    def closed(_):
        raise BrokenPipeError

    monkeypatch.chdir(folder)
    monkeypatch.setattr(certify_commands.show, "certificate", closed)
    arguments = ["arms_of_mine.py:dense", "arms_of_mine.py:other", *QUICK, "--json", "piped.json"]
    with pytest.raises(BrokenPipeError):
        certify_commands.compare(cli._parser().parse_args(["compare", *arguments]))
    assert json.loads((folder / "piped.json").read_bytes())["verdict"] == "different"


def test_a_comparison_that_is_stopped_has_the_code_of_a_stop(compare, monkeypatch):
    def stopped():
        raise KeyboardInterrupt

    import arms_of_mine

    monkeypatch.setattr(arms_of_mine, "dense", stopped)
    assert compare("arms_of_mine:dense", "arms_of_mine:model", *QUICK)[::2] == (130, "parity: stopped")
