"""What `make docs` adds to mkdocs: the notebook as a page, files that pages link to, folders in the navigation."""

import json
import os
import posixpath
import re
from pathlib import Path

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "docs" / "tutorial.ipynb"
LINK = re.compile(r"\]\(([^)#:\s]+)\)")
LANGUAGES = {".py": "python", ".yaml": "yaml", ".json": "json", ".sh": "sh"}


def on_config(config):
    """`folder/*` in the navigation becomes the pages of that folder which are not named themselves."""
    pages = sorted(path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md"))
    pages = [page for page in pages if not page.startswith("site/")]
    named = set(_strings(config.nav))
    rest = [page for page in pages if page not in named]
    config.nav = _expanded(config.nav, rest)
    return config


def on_files(files: Files, *, config) -> Files:
    """Adds the tutorial, and a page for each file outside of docs/ that a page links to."""
    files.append(File.generated(config, "tutorial.md", content=notebook_page(NOTEBOOK)))
    for target in sorted(set(outside(config["docs_dir"]).values())):
        files.append(File.generated(config, f"source/{target}.md", content=source_page(ROOT / target, target)))
    return files


def on_page_markdown(markdown: str, *, page, **_) -> str:
    """Links to sources lead to the page of that file, links to the notebook to its page."""
    here = posixpath.dirname(page.file.src_uri)

    def replaced(found: re.Match) -> str:
        if found[1].endswith(NOTEBOOK.name):
            return f"]({found[1].removesuffix('.ipynb')}.md)"
        target = _target(here, found[1])
        return f"]({posixpath.relpath(f'source/{target}.md', here or '.')})" if target else found[0]

    return LINK.sub(replaced, markdown)


def outside(docs: str) -> dict[tuple[str, str], str]:
    """(page, link) to the file of the repository that it leads to."""
    found = {}
    for path in sorted(Path(docs).rglob("*.md")):
        here = path.parent.relative_to(docs).as_posix().removeprefix(".")
        for link in LINK.findall(path.read_text(encoding="utf-8")):
            if target := _target(here, link):
                found[path.name, link] = target
    return found


def notebook_page(path: Path) -> str:
    """Cells as they stand: text, code, and what the code gave when the notebook was last run."""
    parts = []
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        parts.append(source if cell["cell_type"] == "markdown" else f"```python\n{source}\n```")
        parts += [_output(output) for output in cell.get("outputs", [])]
    return "\n\n".join(parts) + "\n"


def source_page(path: Path, name: str) -> str:
    """The file, as code."""
    if path.is_dir():
        return f"# {name}\n\n" + "\n".join(f"- `{item.name}`" for item in sorted(path.iterdir()))
    language = LANGUAGES.get(path.suffix, "text")
    text = path.read_text(encoding="utf-8")
    return text if path.suffix == ".md" else f"# {name}\n\n````{language}\n{text}\n````\n"


def _target(here: str, link: str) -> str:
    """The path in the repository of what is no page by itself; "" for a page, a picture, or nothing."""
    full = posixpath.normpath(posixpath.join("docs", here, link))
    own = full.startswith("docs/") and not full.endswith(".py")
    return "" if own or full.startswith("..") or not os.path.exists(ROOT / full) else full


def _output(output: dict) -> str:
    data = output.get("data", {})
    if "text/html" in data:
        return "".join(data["text/html"])
    text = "".join(output.get("text", data.get("text/plain", "")))
    return f"```text\n{text.rstrip()}\n```" if text.strip() else ""


def _strings(nav) -> list[str]:
    if isinstance(nav, str):
        return [nav]
    return [text for item in (nav.values() if isinstance(nav, dict) else nav) for text in _strings(item)]


def _expanded(nav: list, rest: list[str]) -> list:
    done = []
    for item in nav:
        if isinstance(item, dict):
            done += [
                {title: below if isinstance(below, str) else _expanded(below, rest)} for title, below in item.items()
            ]
        elif item.endswith("*"):
            done += [page for page in rest if posixpath.dirname(page) == posixpath.dirname(item)]
        else:
            done.append(item)
    return [item for item in done if not (isinstance(item, dict) and [] in item.values())]
