"""The documentation as a site, and its pages that are made of the code."""

import importlib.util
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def script(name: str):
    """A script of docs/site as a module."""
    spec = importlib.util.spec_from_file_location(f"docs_site_{name}", ROOT / "docs" / "site" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder]
    variables = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    return folder


class Requests(HTMLParser):
    """The addresses that a browser fetches without being asked."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        if tag in ("script", "img", "iframe", "source", "video", "audio"):
            self.found.append(named.get("src") or "")
        elif tag == "link" and named.get("rel") != "canonical":
            self.found.append(named.get("href") or "")


def pages() -> list[str]:
    """Where the site has each page of the documentation."""
    found = [path.relative_to(ROOT / "docs").with_suffix(".html") for path in (ROOT / "docs").rglob("*.md")]
    return [path.as_posix().replace("README.html", "index.html") for path in found]


def test_every_page_of_the_documentation_is_a_page_of_the_site(site):
    assert [page for page in pages() if not (site / page).is_file()] == []


def test_every_page_stands_in_the_navigation(site):
    index = (site / "index.html").read_text(encoding="utf-8")
    assert [page for page in pages() if f'href="{page}"' not in index] == []


def test_no_page_asks_anything_of_another_host(site):
    for page in site.rglob("*.html"):
        asked = Requests()
        asked.feed(page.read_text(encoding="utf-8"))
        assert [address for address in asked.found if re.match(r"(https?:)?//", address)] == [], page


def test_no_style_sheet_fetches_a_font(site):
    for sheet in site.rglob("*.css"):
        assert not re.search(r"url\([\"']?(https?:)?//", sheet.read_text(encoding="utf-8")), sheet


def test_the_tutorial_shows_what_its_cells_gave(site):
    page = (site / "tutorial.html").read_text(encoding="utf-8")
    assert '<div class="layerparity">' in page
    assert "Counterexample, smallest failing input found" in page


def test_a_link_to_a_source_leads_to_that_source(site):
    assert "../source/pipeline/plan/support.py.html" in (site / "how-to" / "strategies.html").read_text(
        encoding="utf-8"
    )
    page = (site / "source" / "pipeline" / "plan" / "support.py.html").read_text(encoding="utf-8")
    assert "STRATEGIES" in page


def test_a_link_to_the_notebook_leads_to_its_page(site):
    index = (site / "index.html").read_text(encoding="utf-8")
    assert 'href="tutorial.html"' in index
    assert "ipynb" not in index


def test_the_reference_shows_docstrings(site):
    page = (site / "reference" / "python.html").read_text(encoding="utf-8")
    assert "Fails unless both builders give the same layer" in page


@pytest.mark.parametrize("page", script("generate").pages())
def test_what_is_made_of_the_code_is_as_the_code_has_it(page):
    made = script("generate").pages()[page]
    assert (ROOT / page).read_text(encoding="utf-8") == made, "run `make reference`"


def test_the_schema_page_and_the_page_of_keys_name_the_same_keys():
    schema = re.findall(
        r"^\| `([a-z_.]+)` ", (ROOT / "docs" / "reference" / "config-schema.md").read_text(), re.MULTILINE
    )
    told = (ROOT / "docs" / "config.md").read_text(encoding="utf-8")
    assert [key for key in schema if f"`{key}`" not in told] == []
