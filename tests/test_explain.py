"""Every word that the product prints about a pair is explained, once."""

import ast
from pathlib import Path
from typing import get_args

import pytest

from pipeline import cli, explain
from pipeline.errors import ConfigError
from pipeline.records import CertificateVerdict, FindingOutcome, Level, Verdict

CERTIFY = Path(explain.__file__).parents[1] / "certify"


def names(kind: str) -> list[str]:
    return [word.name for word in explain.every() if word.kind == kind]


def test_every_verdict_is_explained_in_the_order_of_the_records():
    assert names("verdict") == [*get_args(Verdict)]
    assert set(get_args(CertificateVerdict)) <= set(names("verdict"))


def test_every_level_is_explained():
    assert set(names("level")) == {*get_args(Level), "program"}


def test_every_outcome_is_explained():
    assert names("outcome") == [*get_args(FindingOutcome)]


def test_no_kind_has_a_name_twice():
    for kind in explain.KINDS:
        assert len(set(names(kind))) == len(names(kind))


def named_checks() -> set[str]:
    """The names of checks in the certifier: second arguments of Finding, and keys of tables; literals or constants."""
    nodes = [node for file in CERTIFY.rglob("*.py") for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]
    named = [node.args[1] for node in nodes if isinstance(node, ast.Call) and _calls(node, "Finding") and node.args[1:]]
    tables = [node for node in nodes if isinstance(node, ast.Dict) and node.values and _is_check(node.values[0])]
    keys = [key for table in tables for key in table.keys]
    constants = _constants(nodes)
    literals = {node.value for node in (*named, *keys) if isinstance(node, ast.Constant)}
    return literals | {constants[node.id] for node in (*named, *keys) if getattr(node, "id", "") in constants}


def _constants(nodes: list[ast.AST]) -> dict[str, str]:
    """NAME = "text", and NAME, OTHER = "text", "text"."""
    found = {}
    for node in nodes:
        if isinstance(node, ast.Assign):
            targets, values = (getattr(side, "elts", [side]) for side in (node.targets[0], node.value))
            for target, value in zip(targets, values, strict=False):
                name, text = getattr(target, "id", ""), getattr(value, "value", None)
                if name.isupper() and isinstance(text, str):
                    found[name] = text
    return found


def _calls(node: ast.Call, name: str) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id == name


def _is_check(node: ast.expr) -> bool:
    """A partial, or a level with what observes it."""
    if isinstance(node, ast.Call):
        return _calls(node, "partial")
    return isinstance(node, ast.Tuple) and getattr(node.elts[0], "value", None) in get_args(Level)


def test_checks_are_found_in_the_certifier():
    assert {"weights", "search", "save and load", "gradient types", "initialisers", "time limit"} <= named_checks()


@pytest.mark.parametrize("name", sorted(named_checks()))
def test_a_check_of_the_certifier_is_explained(name):
    assert any(word.kind == "check" for word in explain.find(name))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("dtype policy float64", "dtype policy"),
        ("batch sizes, given weights", "batch sizes"),
        ("lazy_adam", "an optimizer's name"),
        ("lazy_adam as adam", "an optimizer as its counterpart"),
        ("Save   and load", "save and load"),
        ("sgd, clipped by norm", "sgd, clipped by norm"),
        ("vjp, training, batch 4", "a program compiled for a TPU"),
    ],
)
def test_a_check_is_found_by_the_name_that_a_certificate_gives_it(written, meant):
    assert [word.name for word in explain.find(written)] == [meant]


def test_a_word_of_two_kinds_has_two_pages():
    assert [word.kind for word in explain.find("different")] == ["verdict", "outcome"]


def test_an_unknown_word_is_answered_with_what_is_near():
    with pytest.raises(ConfigError, match="did you mean 'equivalent'"):
        explain.find("equivelent")


def test_the_command_prints_the_page_of_words_given_without_quotes(capsys):
    assert cli.main(["explain", "save", "and", "load"]) == 0
    assert capsys.readouterr().out.startswith("save and load: a check\n\n  Level\n    lifecycle\n")


def test_the_command_lists_all_words_when_none_is_given(capsys):
    assert cli.main(["explain"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert all(word.name in shown for word in explain.every())
