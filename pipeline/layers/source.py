"""What the code of an arm is like: its builder and the layer classes that it needs.

Complexity is McCabe's (1976), counted as ruff's C901 counts it, the linter that this package is held to: 1 for each
function, and 1 for each branch, loop, handler, `else` of a try, and function within.  The standard library's `ast` has
all that this takes, so workers need no package for it.
"""

import ast
import inspect
import io
import textwrap
import tokenize
from dataclasses import dataclass

from pipeline.layers.family import Family
from pipeline.records import Style

_NO_CODE = frozenset(
    {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DECISIONS = (*_FUNCTIONS, ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.match_case)


@dataclass(frozen=True)
class Code:
    """`lines` without blank lines, comments and docstrings; `complexity` is the sum over all `functions`.

    `overridden` are the methods that stand in for one of a base class, as `Projection.call`.
    """

    lines: int
    functions: int
    complexity: int
    overridden: tuple[str, ...]


def measure(family: Family, style: Style) -> Code:
    """The code of one arm."""
    parts = (family.arms[style], *family.code.get(style, ()))
    texts = [inspect.getsource(part) for part in parts]
    counted = [number for text in texts for number in complexities(text)]
    return Code(
        lines=sum(map(_lines, map(textwrap.dedent, texts))),
        functions=len(counted),
        complexity=sum(counted),
        overridden=tuple(name for part in parts if inspect.isclass(part) for name in _overridden(part)),
    )


def complexities(text: str) -> list[int]:
    """Of each function and method in the text, with what is defined within it."""
    return [_complexity(function) for function in _functions(ast.parse(textwrap.dedent(text)))]


def _lines(text: str) -> int:
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


def _functions(tree: ast.Module | ast.ClassDef) -> list[ast.AST]:
    """Functions and methods; what is defined within one is part of it."""
    found: list[ast.AST] = [node for node in tree.body if isinstance(node, _FUNCTIONS)]
    return found + [each for node in tree.body if isinstance(node, ast.ClassDef) for each in _functions(node)]


def _complexity(function: ast.AST) -> int:
    """The function itself is among the decisions, which is the 1 that a straight one has."""
    nodes = list(ast.walk(function))
    return sum(isinstance(node, _DECISIONS) or (isinstance(node, ast.Try) and bool(node.orelse)) for node in nodes)


def _overridden(part: type) -> list[str]:
    inherited = {name for base in part.__mro__[1:] for name in vars(base)}
    own = [name for name, value in vars(part).items() if inspect.isfunction(value) or isinstance(value, property)]
    return [f"{part.__name__}.{name}" for name in own if name in inherited]
