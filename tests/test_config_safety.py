"""What a config can't do: read what lies outside it, name a path, import what isn't allowed, or fill the memory."""

from pathlib import Path

import pytest

from pipeline.allowed import VARIABLE, check_module
from pipeline.config import load
from pipeline.config.names import check_name
from pipeline.errors import ConfigError
from pipeline.layers import outside


@pytest.fixture
def refused(tmp_path: Path):
    """What the error says of a config, or of an empty one with overrides."""

    def of(text: str, *overrides: str) -> str:
        path = tmp_path / "my.yaml"
        path.write_text(text, encoding="utf-8", errors="surrogatepass")
        with pytest.raises(ConfigError) as caught:
            load(path, overrides)
        return str(caught.value)

    return of


@pytest.fixture
def loaded(tmp_path: Path):
    def of(text: str, **options):
        path = tmp_path / "my.yaml"
        path.write_text(text, encoding="utf-8")
        return load(path, **options)

    return of


@pytest.mark.parametrize(
    "text",
    [
        "question: ${oc.env:HOME}",
        "question: '${ oc.env : HOME}'",
        "question: ${oc.decode:'1'}",
        "{name: env, question: '${oc.${name}:HOME}'}",
        "strategies: [{name: '${oc.env:HOME}'}]",
        "options: {'${oc.env:HOME}': {}}",
    ],
)
def test_a_config_reads_no_environment(refused, text, monkeypatch):
    monkeypatch.setenv("HOME", "/home/of-someone")
    said = refused(text)
    assert "of-someone" not in said
    assert "resolver" in said or "without a plain key" in said


def test_an_override_reads_no_environment(refused):
    assert "calls the resolver 'oc.env'" in refused("{}", "question=${oc.env:HOME}")


def test_text_that_is_put_together_is_not_read_once_more(refused, monkeypatch):
    monkeypatch.setenv("HOME", "/home/of-someone")
    text = "{question: '{oc.env:HOME}', xla_flags: $, train_on: {mnist_5k: {optimizer: '${xla_flags}${question}'}}}"
    said = refused(text)
    assert "of-someone" not in said
    assert "has ${ in its text" in said


def test_a_resolver_works_where_it_is_allowed_by_name(loaded, monkeypatch):
    monkeypatch.setenv("PARITY_TEST_QUESTION", "why?")
    assert loaded("question: ${oc.env:PARITY_TEST_QUESTION}", resolvers=["oc.env"]).question == "why?"


def test_a_config_may_refer_to_its_own_values(loaded):
    assert loaded("{name: mine, question: 'What of ${name}?'}").question == "What of mine?"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("question: !!python/object/apply:os.getcwd []", "is not YAML"),
        ("name: !!int x", "is not YAML"),
        ("name: !!int", "is not YAML"),
        ("name: !!bool x", "is not YAML"),
        ("name: !!timestamp x", "is not YAML"),
        ("name: 2001-99-99", "is not YAML"),
        ("name: 2001-01-01", "name is a date; write text in quotes"),
        ("name: " + "9" * 5000, "is not YAML"),
        ("rows: 99999999999999999999", "rows is too large a number"),
        ("rows: 9007199254740993", "rows=9007199254740993 is out of range"),
        ("[" * 3000, "is not YAML"),
        ("options: &a {x: *a}", "nested more than 16 deep"),
        ("question: x" + "x" * 10_000, "a text of 10001 characters"),
        ("question: " + "${name}" * 11, "more than 10 references"),
        ("# " + "x" * 2**20, "more than 1048576 bytes"),
        ('question: "\\0"', "NUL or half a character"),
        ('question: "\\ud800"', "NUL or half a character"),
        ("families: [{}]", "Expected `str`, got `object` - at `$.families[0]`"),
        ("seeds: [{a: 1}]", "Expected `int`, got `object` - at `$.seeds[0]`"),
        ("{seeds: auto, looks: [{a: 1}]}", "is out of range"),
        ("{seeds: auto, looks: [5, 99999999999]}", "use 2 to 100000"),
    ],
)
def test_what_no_config_can_hold_is_told(refused, text, says):
    assert says in refused(text)


def test_aliases_of_aliases_do_not_fill_the_memory(refused):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "holds more than 20000 values" in refused("\n".join(lines))


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../x",
        "/etc/passwd",
        "a/b",
        "a\\b",
        "C:x",
        "NUL",
        "con.txt",
        "com1",
        "a\nb",
        "x" * 65,
        "-x",
        "x.",
    ],
)
def test_a_name_is_no_path_and_no_device(name):
    with pytest.raises(ConfigError):
        check_name("name", name, "here")


@pytest.mark.parametrize("name", ["smoke", "movielens_100k", "größe 2", "a.b", "run+1", "console"])
def test_an_ordinary_name_is_one(name):
    check_name("name", name, "here")


@pytest.mark.parametrize(
    "text",
    [
        "name: ../elsewhere",
        "data: [../elsewhere]",
        "sources: {../x: {train: a.csv, target: y, numbers: [x]}}",
        "styles: [class, ../x]",
        "families: [../x]",
        "families: ['a/b.py:ENTRY']",
        "families: ['a..b:ENTRY']",
        "strategies: [{name: tpu, topology: ../x}]",
    ],
)
def test_every_name_of_a_config_is_checked(refused, text):
    assert "use letters, digits" in refused(text)


def test_a_family_beyond_the_allowed_modules_is_refused(refused):
    said = refused("{families: ['os:system'], allowed_modules: [mine]}")
    assert "'os:system' is not among the modules that allowed_modules allows (mine)" in said


def test_allowed_modules_allow_what_lies_below_them(loaded):
    families = "families: ['mine:A', 'mine.deep.er:A']"
    assert len(loaded(f"{{{families}, allowed_modules: [mine]}}").families) == 2


def test_a_module_that_only_begins_alike_is_refused(refused):
    assert "is not among" in refused("{families: ['mine2:A'], allowed_modules: [mine]}")


def test_the_environment_limits_every_config(refused, monkeypatch):
    monkeypatch.setenv(VARIABLE, "ours, theirs")
    said = refused("{families: ['mine:A'], allowed_modules: [mine]}")
    assert f"{VARIABLE} allows (ours, theirs)" in said


def test_what_is_not_allowed_is_not_imported(tmp_path, monkeypatch):
    (tmp_path / "evil_family.py").write_text("raise SystemExit('imported')")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match="is not among the modules"):
        outside.resolve("evil_family:ENTRY", ["mine"])


@pytest.mark.parametrize("reference", ["./mine.py:build", "mine.py:build", "/x/mine.py:build"])
def test_a_file_is_beyond_any_limit(reference):
    with pytest.raises(ConfigError):
        check_module(reference, "here", ["mine"])
