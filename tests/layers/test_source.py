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


FAMILY = Family("mine", Part, {"class": build, "functional": build}, {"class": (Part,)}, {}, build)


def test_blank_lines_comments_and_docstrings_do_not_count():
    assert source.source_lines(FAMILY, "class") == 5 + 2


def test_only_what_the_arm_needs_counts():
    assert source.source_lines(FAMILY, "functional") == 2


def test_every_arm_of_every_family_has_lines():
    for name in registry.FAMILIES:
        family = registry.load(name)
        assert all(source.source_lines(family, style) > 2 for style in family.arms)
