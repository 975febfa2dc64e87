"""A matplotlib figure as an inline SVG: text stays text, colours follow the page's theme, same figure, same bytes.

Or as PNG, for what shows no SVG: in the light theme.
"""

import io
import re
from collections import ChainMap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Stand-ins that matplotlib can draw with; each becomes the CSS variable of its name.
STAND_INS = {
    "ink": "#010101",
    "muted": "#020202",
    "line": "#030303",
    "paper": "#040404",
    "panel": "#050505",
    "same": "#060606",
    "different": "#070707",
    "open": "#080808",
    "baseline": "#090909",
    "candidate": "#0a0a0a",
}
# The page's light theme, as templates/style.css has it.
LIGHT = {
    "ink": "#16191d",
    "muted": "#545d68",
    "line": "#cfd6df",
    "paper": "#ffffff",
    "panel": "#f3f5f8",
    "same": "#17703a",
    "different": "#b3261e",
    "open": "#835300",
    "baseline": "#0b5fa5",
    "candidate": "#b54708",
}
# What is painted with: the stand-ins, or the colours that lie over them.
COLOURS = ChainMap(STAND_INS)
DOTS_PER_INCH = 160


def settings() -> dict[Any, Any]:
    """matplotlib's, in the colours of the moment."""
    return {
        "svg.fonttype": "none",  # text stays text: selectable, searchable, read aloud
        "text.parse_math": False,  # a dollar sign in a name is a dollar sign
        "font.size": 11,
        "text.color": COLOURS["ink"],
        "axes.labelcolor": COLOURS["muted"],
        "axes.edgecolor": COLOURS["line"],
        "axes.facecolor": "none",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.formatter.use_mathtext": False,
        "xtick.color": COLOURS["line"],
        "ytick.color": COLOURS["line"],
        "xtick.labelcolor": COLOURS["muted"],
        "ytick.labelcolor": COLOURS["muted"],
        "legend.frameon": False,
        "figure.facecolor": "none",
        "savefig.facecolor": "none",
    }


_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


def to_svg(figure: "Figure", *, name: str, text: str) -> Markup:
    """The `<svg>` element.  `name` is unique on the page and keeps ids apart; `text` is what a screen reader says."""
    import matplotlib

    target = io.StringIO()
    with matplotlib.rc_context({**settings(), "svg.hashsalt": name}):
        figure.savefig(target, format="svg", metadata=_NO_METADATA)
    drawing = target.getvalue()
    drawing = drawing[drawing.index("<svg") :].strip()
    drawing = re.sub(r"<metadata>.*?</metadata>\s*", "", drawing, flags=re.DOTALL)
    for variable, colour in STAND_INS.items():
        drawing = drawing.replace(colour, f"var(--{variable})")
    drawing = _lean(drawing)
    drawing = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{name}-", drawing)
    drawing = re.sub(r"font-family: [^;\"]*", "font-family: inherit", drawing)
    drawing = re.sub(r"(font: [^;\"]*?px) [^;\"]*", r"\1 var(--font)", drawing)
    return Markup(_with_title(drawing, escape(text)))  # noqa: S704  matplotlib escapes its text, the title is escaped


def _lean(drawing: str) -> str:
    """Half the size, and nobody sees it: no ids that nothing refers to, no turns by nothing, hundredths of a point."""
    drawing = re.sub(r'<g id="[^"]*"', "<g", drawing)
    drawing = re.sub(r' transform="rotate\(-0 [^"]*"', "", drawing)
    drawing = re.sub(r"<[^>]*>", lambda tag: re.sub(r"(\.\d\d)\d+", r"\1", tag.group()), drawing)
    return re.sub(r" *\n *", "\n", drawing)


@contextmanager
def light() -> Iterator[None]:
    """Inside, figures are painted in the light theme's own colours."""
    COLOURS.maps.insert(0, LIGHT)
    try:
        yield
    finally:
        COLOURS.maps.remove(LIGHT)


def to_png(figure: "Figure") -> bytes:
    """A figure that was painted in the `light` theme, on its paper."""
    target = io.BytesIO()
    figure.savefig(target, format="png", dpi=DOTS_PER_INCH, facecolor=LIGHT["paper"], metadata={"Software": None})
    return target.getvalue()


def _with_title(drawing: str, text: str) -> str:
    """The element with a role and a label instead of a fixed size, so that it scales with the page."""
    head, body = drawing.split(">", 1)
    box = re.search(r'viewBox="[^"]*"', head)
    size = re.search(r'viewBox="\S+ \S+ (\S+) \S+"', head)
    width = f' style="max-width: {size.group(1)}pt"' if size else ""
    return f'<svg {box.group() if box else ""}{width} role="img" aria-label="{text}">{body}'
