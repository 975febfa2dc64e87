"""How the HTML templates are filled: everything escaped, nothing undefined, no control characters."""

from collections.abc import Mapping
from typing import Any

import jinja2
from markupsafe import Markup

from pipeline.printable import clean


def environment(helpers: Mapping[str, Any]) -> jinja2.Environment:
    """The environment of pipeline/report/templates, with these names in every template."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("pipeline.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )
    made.globals.update(helpers)
    return made


def _printable(value: Any) -> Any:
    """Control characters are as wrong in HTML as on a terminal."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value
