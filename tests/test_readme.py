"""The README: one screen, a picture that can be read, and two commands to set everything up."""

import re
from pathlib import Path

from PIL import Image

from tests.code_blocks import blocks_of

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_make_targets_are_the_only_set_up_commands() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    first = next(block for block in blocks_of(README) if block.language == "sh")
    assert [line.split("#")[0].strip() for line in first.text.splitlines()] == [
        "make study",
        "make test",
    ]
    for target in ("study", "test"):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_every_file_it_names_is_there() -> None:
    for target in re.findall(r"\]\((\S+?)\)", README):
        assert (ROOT / target).is_file(), target
    for program in re.findall(r"python (benchmarks/\w+\.py)", README):
        assert (ROOT / program).is_file(), program


def test_it_is_one_screen() -> None:
    assert len(README.splitlines()) <= 80


def test_its_picture_can_be_read_where_it_is_shown() -> None:
    (name,) = re.findall(r"!\[.+?\]\((\S+?)\)", README)
    with Image.open(ROOT / name) as picture:
        width, height = picture.size
    assert 1000 <= width <= 1600
    assert height <= width
    assert (ROOT / name).stat().st_size < 300_000
