"""Figures as files, by a real browser or with a message that names what is missing."""

import importlib.util
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reports.blocks import file_names
from reports.images import figure_values, write_images
from reports.page import record_charts
from reports.record import StudyRecord
from search_spaces.faults import FaultError

MakeRecord = Callable[..., StudyRecord]
STARTS = {"png": b"\x89PNG\r\n\x1a\n", "svg": b"<svg", "pdf": b"%PDF"}

needs_browser = pytest.mark.skipif(
    shutil.which("chromium") is None and shutil.which("google-chrome") is None,
    reason="no Chromium on this machine",
)


@pytest.mark.slow
@needs_browser
@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_figures_become_files(make_record: MakeRecord, tmp_path: Path, form: str) -> None:
    charts = record_charts(make_record(20))[:3]
    paths = write_images(charts, tmp_path / "images", form)  # type: ignore[arg-type]
    names = ("differences", "strip", "progress")
    assert [path.name for path in paths] == [f"{name}.{form}" for name in names]
    assert all(path.read_bytes().startswith(STARTS[form]) for path in paths)


@pytest.mark.slow
def test_a_missing_browser_is_named(
    make_record: MakeRecord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "no-such-browser"))
    with pytest.raises(FaultError) as caught:
        write_images(record_charts(make_record(2))[:1], tmp_path / "images", "png")
    assert str(caught.value).startswith(
        "--images: the browser drew no figures: "
        f"No browser found at BROWSER_PATH='{tmp_path}/no-such-browser'."
    )
    assert not (tmp_path / "images").exists()


@pytest.mark.slow
def test_a_browser_that_hangs_is_ended(
    make_record: MakeRecord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = tmp_path / "browser"
    browser.write_text("#!/bin/sh\nexec sleep 600\n")
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER_PATH", str(browser))
    with pytest.raises(FaultError) as caught:
        write_images(record_charts(make_record(2))[:1], tmp_path / "images", "png", seconds=5)
    assert str(caught.value) == (
        "--images: the browser drew no figures: it took longer than 5.5 s; allowed: a Chromium or "
        "Chrome that starts (BROWSER_PATH names one); the page needs none"
    )


def test_a_missing_extra_is_named(
    make_record: MakeRecord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(FaultError) as caught:
        write_images(record_charts(make_record(2)), tmp_path, "png")
    assert str(caught.value) == (
        "--images: needs the package kaleido, which is not installed; "
        "allowed: pip install 'dense-study[images]'"
    )


def test_file_names_say_what_is_drawn(make_record: MakeRecord) -> None:
    names = file_names(record_charts(make_record(20)))
    assert {"strip", "slice-width", "pair-width-and-dropout", "confusion"} <= set(names)
    assert len(names) == len(set(names))


def test_names_that_read_alike_get_files_of_their_own(make_record: MakeRecord) -> None:
    pair = next(c for c in record_charts(make_record(20)) if c.key == "pair-0")
    alike = replace(pair, key="pair-7", label="width  and dropout!")
    assert file_names([pair, alike]) == (
        "pair-width-and-dropout",
        "pair-width-and-dropout-pair-7",
    )


def test_a_picture_has_its_title_and_its_legend_above_the_figures_own_margin(
    make_record: MakeRecord,
) -> None:
    chart = next(c for c in record_charts(make_record(20)) if c.key == "parallel")
    layout = figure_values(chart)["layout"]
    assert layout["title"]["text"] == chart.caption
    assert layout["showlegend"]
    added = layout["height"] - chart.figure.height
    assert layout["margin"]["t"] == chart.figure.layout["margin"]["t"] + added
    # The legend ends where the figure's own margin, with its axis names, begins.
    assert layout["legend"]["y"] < 1
    assert layout["paper_bgcolor"] == "#ffffff"
