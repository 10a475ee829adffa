"""Visits of report pages in a real Chromium that loads nothing from a network."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

try:
    from playwright import sync_api as playwright
except ImportError:
    playwright = None
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chrome")
# Only a hang takes so long, however busy the machine is.
LIMIT_MILLISECONDS = 600_000
AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
IN_A_BROWSER = [
    pytest.mark.slow,
    pytest.mark.skipif(playwright is None, reason="playwright is not installed"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]

# Resolves when the page knows of every card that was opened.
OPEN = """() => Promise.all([
    ...document.querySelectorAll("details.whole:not([open])")].map((card) => new Promise((done) => {
        card.addEventListener("toggle", done, { once: true });
        card.open = true;
    })))"""


class Visit:
    """One opened page with everything it said or asked for."""

    def __init__(self, context: Any, path: Path) -> None:
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page = context.new_page()
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", self._note)
        self.page.goto(path.as_uri())
        self.wait()

    def _note(self, request: Any) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            self.asked.append(request.url)

    def wait(self) -> None:
        self.page.wait_for_selector("html[data-figures=drawn]", state="attached")

    def open_cards(self) -> None:
        self.run(OPEN)
        self.wait()

    def run(self, code: str, argument: Any = None) -> Any:
        return self.page.evaluate(code, argument)


@contextmanager
def running_chromium() -> Iterator[Any]:
    """Run a Chromium."""
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield chromium
        chromium.close()


@contextmanager
def visiting(browser: Any, folder: Path) -> Iterator[Callable[..., Visit]]:
    """Give a function that opens a page, with all its cards unless `folded`."""
    contexts = []

    def opened(
        html: str, width: int = 1280, scheme: str = "light", folded: bool = False, **more: Any
    ) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, **more
        )
        context.set_default_timeout(LIMIT_MILLISECONDS)
        contexts.append(context)
        path = folder / f"page-{len(contexts)}.html"
        path.write_text(html, encoding="utf-8")
        seen = Visit(context, path)
        if not folded:
            seen.open_cards()
        return seen

    yield opened
    for context in contexts:
        context.close()
