import pytest

from pipeline.certify.inputs import parse, read_weights_map
from pipeline.errors import ConfigError
from pipeline.records import InputSpec


@pytest.mark.parametrize(
    ("text", "specs"),
    [
        ("int32[20]{0..999}", [InputSpec((20,), "int32", 0, 999)]),
        ("int32[20]{0..999}; float32[784]{-3..3}", [InputSpec((20,), "int32", 0, 999), InputSpec((784,))]),
        ("float32[]", [InputSpec(())]),
        (" float64 [ 2, 3 ] { -1e3 .. 0.5 } ", [InputSpec((2, 3), "float64", -1000, 0.5)]),
        ("bool[4]", [InputSpec((4,), "bool", 0, 1)]),
        ("int8[1]{-128..-128}", [InputSpec((1,), "int8", -128, -128)]),
    ],
)
def test_inputs_are_read(text, specs):
    assert list(parse(text)) == specs


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "'': is not dtype[shape]{low..high}"),
        ("int32", "'int32': is not dtype[shape]{low..high}"),
        ("float32[3];", "'': is not dtype[shape]{low..high}"),
        ("int32[20]{0..999", "is not dtype[shape]{low..high}"),
        ("complex64[3]", "unknown dtype 'complex64', use one of float16"),
        ("int32[20]", "int32 needs a range"),
        ("float32[3,]x", "is not dtype[shape]{low..high}"),
        ("float32[a]", "shape [a] is not whole numbers of 1 or more"),
        ("float32[0]", "shape [0] is not whole numbers of 1 or more"),
        ("float32[-2]", "shape [-2] is not whole numbers of 1 or more"),
        ("float32[None]", "shape [None] is not whole numbers of 1 or more"),
        ("float32[99999,99999]", "has more than 16777216 elements"),
        ("float32[3]{1}", "range {1} is not low..high"),
        ("float32[3]{a..b}", "range {a..b} is not low..high"),
        ("float32[3]{2..1}", "with finite low ≤ high"),
        ("float32[3]{0..inf}", "with finite low ≤ high"),
        ("float32[3]{nan..1}", "with finite low ≤ high"),
        ("int32[3]{0..1.5}", "is not whole numbers that int32 holds"),
        ("int8[3]{0..200}", "is not whole numbers that int8 holds"),
        ("bool[3]{0..2}", "is not whole numbers that bool holds"),
    ],
)
def test_a_part_that_makes_no_sense_is_quoted_with_an_example(text, says):
    with pytest.raises(ConfigError) as caught:
        parse(text)
    assert says in str(caught.value)
    assert str(caught.value).endswith("write e.g. int32[20]{0..999}; float32[784]{-3..3}")


@pytest.mark.parametrize("text", ["a/kernel: b/kernel\n", '{"a/kernel": "b/kernel"}'])
def test_a_weights_map_is_yaml_or_json(tmp_path, text):
    (tmp_path / "map").write_text(text)
    assert read_weights_map(tmp_path / "map") == {"a/kernel": "b/kernel"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is not a mapping"),
        ("- a\n- b\n", "is not a mapping"),
        ("a: 3\n", "has a path that is not text"),
        ("a: {b: c}\n", "has a path that is not text"),
        ("a: [b\n", "is neither YAML nor JSON"),
        ("\x00", "is neither YAML nor JSON"),
    ],
)
def test_a_weights_map_that_is_none_says_so_on_one_line(tmp_path, text, says):
    path = tmp_path / "map.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        read_weights_map(path)
    assert str(caught.value).startswith(f"--weights-map {path}: {says}")
    assert "\n" not in str(caught.value)


def test_a_weights_map_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"can't be read \(No such file or directory\)"):
        read_weights_map(tmp_path / "none.yaml")
