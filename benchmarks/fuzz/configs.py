"""Configs, overrides, names, and what the command line gives to a comparison."""

import string
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from benchmarks.fuzz.door import Door, file_of
from benchmarks.fuzz.files import changes, spoil
from pipeline.certify.inputs import parse, read_weights_map
from pipeline.config import Experiment, load
from pipeline.config.names import check_name

KEYS = [line.split(":")[0] for line in Experiment().to_yaml().splitlines() if not line.startswith((" ", "-"))]
INNER = ["epochs", "hidden", "name", "devices", "train", "target", "numbers", "figures", "family", "0", "mnist_5k"]
TEXTS = st.sampled_from(
    [
        *("", "auto", "a", "mirrored", "keras", "0.5sd", "../../x", "/etc/passwd", "NUL", "os:system", "a.b:C", "x\0y"),
        *("${oc.env:HOME}", "${name}", "${a.${b}}", "${oc.decode:1}", "${", "\\${x}", "${train}", "${..seeds}", "???"),
        *("2001-99-99", "1e999", "0x1f", "\ud800", "\x1b[2J", "<script>", "9" * 30, "é" * 200, "a:b"),
    ]
) | st.text(max_size=8)
SCALARS = st.none() | st.booleans() | st.integers(-(2**65), 2**65) | st.integers(-3, 9) | st.floats() | TEXTS
NESTED = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(INNER) | TEXTS, inner, max_size=4),
    max_leaves=8,
)
CONFIG_TOKENS = (
    *(
        b"!!int x",
        b"!!int ",
        b"!!bool x",
        b"!!timestamp x",
        b"!!float ",
        b"!!binary a",
        b"!!set {a}",
        b"!!python/object/apply:os.getcwd []",
        b"&a [*a]",
        b"*a",
        b"&a",
        b"<<: *a",
    ),
    *(b"2001-99-99", b"2001-01-01", b"? [a]", b"{{a: b}: c}", b"---\n", b"%YAML 9\n", b"${oc.env:HOME}", b"\t", b"- "),
    *(b": ", b"[", b"{", b"]", b"}", b'"\\ud800"', b"\0", b"\xff", b"9" * 5000, b"[" * 400, b"auto", b".nan", b"\x85"),
    *(b"seeds: auto\nlooks: [99999999999]\n", b"seeds: auto\nlooks: [2, ???]\n", b"name: ${question}\n"),
)
CONFIG = yaml.safe_dump(
    {"name": "x", "seeds": [0, 1], "looks": [2], "train": {"epochs": 2}, "strategies": ["mirrored"]}
)


FITTING: Mapping[str, list[Any]] = {  # by key, some values that fit and some that nearly do
    "name": ["x", "größe", "a b", "${question}"],
    "question": ["?", "${name}", "a\x85b\u2028c\ufeff", "\x1b[2J\t\n 'x' \": - #"],
    "families": [["lookup"], ["a.b:C"], ["plain", "bag"], [" "]],
    "data": [["mnist_5k"], ["own", "b"], ["a/b"], ["é"]],
    "strategies": [["mirrored"], ["tpu", {"name": "tpu", "topology": "2x4"}], [{"name": "one_device"}], [[]]],
    "seeds": ["auto", [0, 1], [2**31 - 1, 5], "${looks}"],
    "looks": [[], [2], [2, 5], [0]],
    "train": [{}, {"epochs": 2**53}, {"epochs": 2**62}, {"hidden": [1, 2], "dropout": 0.5}],
    "options": [{}, {"lookup": {"width": 3}}, {"x": {"y": [1.5, None, "on", "1e3", "null", "~", "0o7"]}}, {"": {}}],
    "margins": [{}, {"rmse": "0.5sd"}, {"rmse": 1e-300}, {"": 1}],
    "xla_flags": ["", "--xla", "no", "0123"],
    "rows": [0, 3, 2**53, -1],
}


def _fitting(chosen: Mapping[str, int]) -> dict[str, Any]:
    return {key: FITTING[key][number] for key, number in chosen.items()}


def _config(case: bytes | dict[str, Any]) -> None:
    """What loads is written and loads again as the same."""
    content = case if isinstance(case, bytes) else yaml.safe_dump(case, allow_unicode=True).encode(errors="replace")
    loaded = load(file_of("config.yaml", content))
    again = load(file_of("again.yaml", loaded.to_yaml().encode()))
    if again.to_yaml() != loaded.to_yaml():
        raise AssertionError("a resolved config loads as another")


def _overrides(texts: list[str]) -> None:
    load(file_of("empty.yaml", b"{}"), texts)


def _name(text: str) -> None:
    """What is taken for a name is one part of a path."""
    check_name("name", text, "here")
    if Path("a", text, "..").resolve() != Path("a").resolve() or len(Path(text).parts) != 1:
        raise AssertionError("a name that is a path")


KEY = st.sampled_from(
    [*KEYS, "train.epochs", "train", "a[0]", "seeds[0]", "sources.m.train", "a..b", "[", "a\\.b", "0", ""]
)
OVERRIDE = st.builds(
    lambda key, value: f"{key}={value}", KEY | st.text(max_size=5), TEXTS | st.text("[]{},:'\"&*!?a1 ")
)

INPUT_PARTS = ["int32", "float32", *"[]{};,0² ٣", "..", "999", "-3", "1e999", "nan"]
SIZES = st.lists(st.sampled_from(["1", "20", "0", "3", "x", "", "9" * 12]), max_size=3).map(",".join)
RANGE = st.sampled_from(
    ["", "{0..1}", "{-3..3}", "{0..999}", "{5..1}", "{nan..1}", "{0.5..1}", "{-1e40..1e40}", "{..}"]
)
RIGHT_INPUTS = st.sampled_from(["int32[20]{0..999}", "float32[784]{-3..3}", "bool[]", "float64[2,3]", "uint8[3]{0..9}"])
ONE_INPUT = st.tuples(st.sampled_from(["int32", "float32", "bool", "uint8", "int4"]), SIZES, RANGE)
INPUTS = (
    st.lists(RIGHT_INPUTS | ONE_INPUT.map(lambda part: f"{part[0]}[{part[1]}]{part[2]}"), min_size=1, max_size=3).map(
        ";".join
    )
    | st.lists(st.sampled_from(INPUT_PARTS), max_size=12).map("".join)
    | st.text(max_size=30)
    | st.text("int32[]{}.,;0 ")
)
MAPS = (b"a/b: c/d\n", b'{"a": "b"}')

RIGHT_OVERRIDES = st.sampled_from(
    ["train.epochs=3", "seeds=[1,2]", "question=why", "strategies=[mirrored]", "seeds=auto"]
)
CONFIG_DOORS = {
    "config": Door(
        st.dictionaries(st.sampled_from(KEYS), NESTED, max_size=2)
        | st.dictionaries(st.sampled_from(sorted(FITTING)), st.integers(0, 3), max_size=4).map(_fitting)
        | st.builds(spoil, st.just(CONFIG.encode()), changes(CONFIG_TOKENS))
        | st.binary(max_size=40),
        _config,
        0.8,
    ),
    "overrides": Door(
        st.lists(RIGHT_OVERRIDES | OVERRIDE | st.text(string.printable, max_size=12), max_size=3), _overrides, 0.5
    ),
    "names": Door(st.text(max_size=70) | st.text("./\\abCONPRN:\0 ~$", max_size=8), _name),
    "--inputs": Door(INPUTS, parse, 3),
    "--weights-map": Door(
        st.builds(spoil, st.sampled_from(MAPS), changes(CONFIG_TOKENS)),
        lambda content: read_weights_map(file_of("map.yaml", content)),
    ),
}
