import inspect
import json
import re
import subprocess
import sys
import textwrap
from pathlib import Path

from pipeline.layers import registry, source
from pipeline.layers.family import Family


class Part:
    """A docstring
    over two lines."""

    # a comment
    def call(self):
        """Another."""
        text = """a string
        is code"""

        return text.strip()  # with a comment


def build(spec):
    return Part, spec


class Base:
    def wait(self):
        return 0


class Deciding(Base):
    def wait(self, numbers=()):
        for number in numbers:  # 2
            while number:  # 3
                number -= 1 if number > 0 else -1
        if not numbers:  # 4
            numbers = (1,)
        elif len(numbers) > 2:  # 5
            numbers = ()
        try:
            return int(numbers[0])
        except ValueError:  # 6
            return 3
        except TypeError:  # 7
            return 4


DECIDING = Family("deciding", Part, {"class": build}, {"class": (Deciding,)}, {}, build)
FAMILY = Family("mine", Part, {"class": build, "functional": build}, {"class": (Part,)}, {}, build)


def test_blank_lines_comments_and_docstrings_do_not_count():
    assert source.measure(FAMILY, "class").lines == 5 + 2


def test_only_what_the_arm_needs_counts():
    assert source.measure(FAMILY, "functional").lines == 2


def test_every_arm_of_every_family_has_lines():
    for name in registry.FAMILIES:
        family = registry.load(name)
        assert all(source.measure(family, style).lines > 2 for style in family.arms)


def test_complexity_is_the_sum_over_functions_by_hand():
    assert source.measure(DECIDING, "class").functions == 2
    assert source.measure(DECIDING, "class").complexity == 1 + 7


def test_overridden_are_methods_of_the_base_class_only():
    assert source.measure(DECIDING, "class").overridden == ("Deciding.wait",)


def test_complexity_is_what_the_linter_counts_in_every_arm(tmp_path):
    parts = {part for name in registry.FAMILIES for part in every_part(registry.load(name))}
    for number, part in enumerate(parts):
        (tmp_path / f"part_{number}.py").write_text(textwrap.dedent(inspect.getsource(part)))
    options = ["--isolated", "--select=C901", "--config=lint.mccabe.max-complexity=0", "--output-format=json"]
    done = subprocess.run([Path(sys.executable).with_name("ruff"), "check", *options, tmp_path], capture_output=True)
    told = [int(re.search(r"\((\d+) >", each["message"])[1]) for each in json.loads(done.stdout)]
    own = [number for part in parts for number in source.complexities(inspect.getsource(part))]
    assert sorted(told) == sorted(own)
    assert len(told) > len(registry.FAMILIES)


def every_part(family):
    return [*family.arms.values(), *(part for parts in family.code.values() for part in parts)]
