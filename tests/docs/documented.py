"""The commands that the documentation shows, in blocks and in lines."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "CONTRIBUTING.md"]
PROGRAMS = ("parity", "python", "pytest", "pip", "ray", "make", "sh", "eval")


def commands(pages: list[Path] | None = None, programs: tuple[str, ...] = PROGRAMS) -> dict[str, Path]:
    """Each command of blocks, with the first page that has it."""
    found: dict[str, Path] = {}
    for page in pages or PAGES:
        for command in of_page(page.read_text(encoding="utf-8"), programs):
            found.setdefault(command, page.relative_to(ROOT))
    return found


def of_page(text: str, programs: tuple[str, ...] = PROGRAMS) -> list[str]:
    """The lines of bash blocks, and indented lines that begin with a program; continued lines joined."""
    fenced = re.findall(r"^```(\w*)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    plain = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    lines = [line for language, block in fenced if language == "bash" for line in _joined(block)]
    lines += _joined("\n".join(re.findall(r"^    (\S.*)$", plain, re.MULTILINE)))
    bare = [re.sub(r"\s+#.*$", "", line).strip() for line in lines]
    return [line for line in bare if line.split(" ")[0] in programs]


def _joined(block: str) -> list[str]:
    return re.sub(r"\\\n\s*", "", block).splitlines()


def mentions(program: str, pages: list[Path]) -> dict[str, Path]:
    """What stands between backticks in a line and begins with the program, with the first page that has it."""
    found: dict[str, Path] = {}
    for page in pages:
        for command in re.findall(rf"`({program} [^`\n]+)`", page.read_text(encoding="utf-8")):
            found.setdefault(command.replace("\\|", "|"), page.relative_to(ROOT))
    return found
