"""The page's figures as image files, drawn by a Chromium of this machine through kaleido."""

import contextlib
import importlib.util
import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import psutil

from reports.blocks import Chart, file_names
from reports.child_process import child_command, child_environment
from reports.colours import LIGHT, painted
from reports.figures.base import BASE_LAYOUT, compact
from reports.figures.picture import WIDTH, picture_layout
from search_spaces.faults import FaultError, fault

Format = Literal["png", "svg", "pdf"]
SECONDS = 60.0


def write_images(
    charts: Sequence[Chart], folder: Path, form: Format, seconds: float = SECONDS
) -> tuple[Path, ...]:
    """Write each figure as `folder/<what it shows>.<form>`, light; return the paths.

    Raises FaultError where kaleido or Chromium is missing, where the browser takes longer than
    `seconds` for its start and as long again for each ten figures, or where nothing can be written.
    """
    if importlib.util.find_spec("kaleido") is None:
        allowed = "pip install 'dense-study[images]'"
        raise fault("--images", "needs the package kaleido, which is not installed", "", allowed)
    with tempfile.TemporaryDirectory() as drawn:
        files = [Path(drawn) / f"{name}.{form}" for name in file_names(charts)]
        figures = [
            (str(file), figure_values(chart), _options(chart, form))
            for file, chart in zip(files, charts, strict=True)
        ]
        asked = json.dumps({"figures": figures, "seconds": seconds})
        _draw(asked, seconds * (1 + len(charts) / 10))
        return _kept(files, folder)


def figure_values(chart: Chart) -> dict[str, Any]:
    """Return a chart as plotly's own figure values, light, with its title and legend."""
    layout = {
        **chart.figure.layout,
        "template": {"layout": BASE_LAYOUT},
        **picture_layout(chart.figure, chart.caption),
    }
    values: dict[str, Any] = painted({"data": list(chart.figure.data), "layout": layout}, LIGHT)
    drawn: dict[str, Any] = compact(values)
    return drawn


def _options(chart: Chart, form: Format) -> dict[str, Any]:
    size = {"width": WIDTH, "height": picture_layout(chart.figure, chart.caption)["height"]}
    return {"format": form, "scale": 2 if form == "png" else 1, **size}


def _draw(asked: str, seconds: float) -> None:
    with subprocess.Popen(  # noqa: S603 our own module
        child_command("reports.drawing_process"),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=child_environment({}),
    ) as process:
        try:
            _, message = process.communicate(asked, timeout=seconds)
        except subprocess.TimeoutExpired:
            raise _not_drawn(f"it took longer than {seconds:g} s") from None
        finally:
            _end(process.pid)
    if process.returncode != 0:
        raise _not_drawn((message.strip().splitlines() or ["it ended without a message"])[-1])


def _end(pid: int) -> None:
    # A browser lives in a session of its own and may outlive whom it was started by.
    try:
        own = psutil.Process(pid)
        for process in (*own.children(recursive=True), own):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
    except psutil.NoSuchProcess:
        return


def _not_drawn(why: str) -> FaultError:
    allowed = "a Chromium or Chrome that starts (BROWSER_PATH names one); the page needs none"
    return fault("--images", f"the browser drew no figures: {why}", "", allowed)


def _kept(files: list[Path], folder: Path) -> tuple[Path, ...]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(Path(shutil.copy(file, folder / file.name)) for file in files)
    except OSError as error:
        raise fault(str(folder), f"cannot be written: {error.strerror or error}") from error
