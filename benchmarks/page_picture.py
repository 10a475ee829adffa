"""Take a picture of a report page in Chromium.

Run: python benchmarks/page_picture.py PAGE.html OUT.png
Needs the package playwright and a Chromium on PATH; loads nothing from the network.
"""

import argparse
import shutil
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

TALLEST = 16_000  # pixels; Chromium's limit for one picture


def main() -> None:
    """Read the command line and write the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=Path)
    parser.add_argument("picture", type=Path)
    parser.add_argument("--width", type=int, default=1280, help="390 for a phone")
    parser.add_argument("--height", type=int, default=0, help="cut below; 0: the whole page")
    parser.add_argument("--dark", action="store_true")
    asked = parser.parse_args()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_page(
            viewport={"width": asked.width, "height": 900},
            color_scheme="dark" if asked.dark else "light",
        )
        take(page, asked.page, asked.picture, asked.height)
        browser.close()


def take(page: Page, source: Path, picture: Path, height: int) -> None:
    """Open the page, wait until every figure is drawn, and write the picture."""
    page.goto(source.resolve().as_uri())
    page.wait_for_selector("html[data-figures=drawn]", state="attached", timeout=120_000)
    box = page.locator("html").bounding_box()
    assert box is not None
    tall = min(int(box["height"]), height or TALLEST, TALLEST)
    size = page.viewport_size
    assert size is not None
    # Sticky parts stand still only in a window as tall as the picture.
    page.set_viewport_size({"width": size["width"], "height": tall})
    page.wait_for_timeout(1000)
    page.screenshot(path=picture)
    print(f"{picture}: {size['width']} x {tall} pixels, {picture.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
