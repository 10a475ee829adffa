"""The documentation site builds without a warning, is whole, and needs no network."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

import study
from search_spaces.parameters import PARAMETERS
from search_spaces.shipped import shipped_names
from study.cli import COMMANDS

DOCS = Path(__file__).parents[1] / "docs"
# What a browser loads by itself, by tag.
LOADED = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "src"}
LOADS = {"stylesheet", "icon", "preload", "modulepreload"}


def build(source: Path, target: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "--quiet"]
    return subprocess.run(
        [*command, *more, str(source), str(target)], capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site")
    done = build(DOCS, target)
    assert done.returncode == 0, done.stderr
    return target


class Sources(HTMLParser):
    """Collects what a page makes a browser load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs)
        if tag == "link" and not LOADS & set((own.get("rel") or "").split()):
            return
        if place := own.get(LOADED.get(tag, "")):
            self.found.append(place)


@pytest.mark.slow
def test_every_page_is_there_and_is_found_by_its_search(site: Path) -> None:
    index = (site / "searchindex.js").read_text(encoding="utf-8")
    for page in DOCS.glob("*.md"):
        assert (site / f"{page.stem}.html").is_file()
        assert f'"{page.stem}"' in index


@pytest.mark.slow
def test_it_loads_nothing_from_a_network(site: Path) -> None:
    pages = list(site.glob("*.html"))
    assert len(pages) > 15
    for page in pages:
        for place in Sources(page.read_text(encoding="utf-8")).found:
            assert not re.match(r"(?:https?:)?//", place), f"{page.name}: {place}"
            assert place.startswith("data:") or (site / re.split("[?#]", place)[0]).is_file(), place
    for style in site.rglob("*.css"):
        text = style.read_text(encoding="utf-8")
        assert not re.search(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", text), style


@pytest.mark.slow
def test_parameters_spaces_commands_and_names_are_those_of_the_code(site: Path) -> None:
    def ids(page: str) -> set[str]:
        return set(re.findall(r'id="([^"]+)"', (site / page).read_text(encoding="utf-8")))

    table = (site / "parameters.html").read_text(encoding="utf-8")
    shown = re.findall(r'<tr class="row-\w+"><td><p><code[^>]*><span class="pre">(\w+)<', table)
    assert shown == list(PARAMETERS)
    assert set(shipped_names()) <= ids("spaces.html")
    assert {f"dense-study-{name}" for name in COMMANDS} <= ids("commands.html")
    assert "dense-study-spaces-check" in ids("commands.html")
    assert {f"study.{name}" for name in study.__all__} <= ids("api.html")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# One\n", "document isn't included in any toctree"),
        ("---\norphan: true\n---\n# One\n\n[no page](nowhere.md)\n", "nowhere.md"),
        ("---\norphan: true\n---\n# One\n\n[no heading](index.md#nowhere)\n", "nowhere"),
        ("---\norphan: true\n---\n# One\n\n![no picture](nowhere.png)\n", "nowhere.png"),
    ],
    ids=["outside the navigation", "page", "heading", "picture"],
)
def test_a_page_outside_the_navigation_and_a_dead_link_fail_the_build(
    text: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "index.md").write_text("# Index\n")
    (tmp_path / "one.md").write_text(text)
    done = build(tmp_path, tmp_path / "out", "--conf-dir", str(DOCS))
    assert done.returncode == 1
    assert said in done.stderr
