"""How many lines of code an arm takes: its builder and the layer classes that it needs."""

import ast
import inspect
import io
import textwrap
import tokenize
from collections.abc import Callable
from typing import Any

from pipeline.layers.family import Family
from pipeline.records import Style

_NO_CODE = frozenset(
    {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
)


def source_lines(family: Family, style: Style) -> int:
    """Lines of code of one arm, without blank lines, comments and docstrings."""
    return sum(_lines(part) for part in (family.arms[style], *family.code.get(style, ())))


def _lines(part: Callable[..., Any]) -> int:
    text = textwrap.dedent(inspect.getsource(part))
    code: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in _NO_CODE:
            code.update(range(token.start[0], token.end[0] + 1))
    return len(code - _docstring_lines(ast.parse(text)))


def _docstring_lines(tree: ast.AST) -> set[int]:
    lines: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
            lines.update(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return lines
