"""`report`: the report page of a study, or of several side by side."""

import hashlib
import json
import os
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import quote

import click

from reports.comparison import render_comparison
from reports.images import Format, write_images
from reports.page import record_charts, render_page
from reports.views.heads import shared_measure
from search_spaces.faults import Fault, FaultError
from study.commands import shared_options as options
from study.commands.completion import study_names
from study.commands.examples import examples
from study.commands.json_option import as_json
from study.commands.live_page import LivePage
from study.commands.streams import say
from study.confirmation.winner_scores import winner_scores
from study.record.snapshot import activity, collect_snapshot, find_run
from study.run_dir.changes import watch
from study.run_dir.outputs import check_output, write_output
from study.run_dir.paths import RunDirectory

Say = Callable[[str], None]


@click.command(
    epilog=examples(
        "dense-study report four-digits --open",
        "dense-study report four-digits wide-digits --out both.html",
    )
)
@click.argument("names", nargs=-1, required=True, metavar="NAME...", shell_complete=study_names)
@click.option("--open", "open_it", is_flag=True, help="Open the page in the browser.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write the page.  [default: report.html in the run directory]",
)
@click.option(
    "--images",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Also write every figure into DIR.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["png", "svg", "pdf"]),
    default="png",
    show_default=True,
    help="Kind of image.",
)
@click.option(
    "--watch",
    "watched",
    is_flag=True,
    help="Write the page again at each change while the study runs.",
)
@click.option(
    "--every",
    type=click.IntRange(1, 3600),
    default=5,
    show_default=True,
    metavar="SECONDS",
    help="How often --watch looks for a change.",
)
@options.storage
@options.runs_dir
@as_json("Print the page's path and the images' as JSON.")
def command(  # noqa: PLR0913, PLR0917 one parameter an option
    names: tuple[str, ...],
    open_it: bool,
    out: Path | None,
    images: Path | None,
    form: Format,
    watched: bool,
    every: int,
    storage: str | None,
    runs_dir: Path,
    as_json: bool,
) -> int:
    """Write the report page of study NAME; with several names, one page that compares them."""
    if watched and as_json:
        raise click.UsageError("--watch never ends by itself: leave out --json")
    if out is not None:
        check_output(out)
    runs = open_runs(runs_dir, tuple(dict.fromkeys(names)), storage)
    if len(runs) > 1 and (watched or images):
        raise click.UsageError("--watch and --images take one study.")
    say_line = options.say_beside if as_json else say
    if len(runs) > 1:
        path = out or comparison_path(runs_dir, runs)
        page = write_comparison(runs, path, storage, say_line)
    else:
        page = write_report(runs[0], out or runs[0].report, storage, say_line)
    if open_it:
        webbrowser.open(page.resolve().as_uri())
    paths: Sequence[Path] = ()
    if images is not None:
        paths = write_images(record_charts(collect_snapshot(runs[0], storage)), images, form)
        say_line(f"Images: {len(paths)} files in {images}")
    if as_json:
        studies = [run.name for run in runs]
        found = {"studies": studies, "page": str(page), "images": [str(one) for one in paths]}
        say(json.dumps(found, indent=1))
    if watched:
        say(f"Watching {runs[0].name}: Ctrl-C ends it.")
        look = activity(runs[0], storage)
        watch(runs[0], LivePage(runs[0], page, storage).write, every, look)
    return 0


def open_runs(
    runs_dir: Path, names: tuple[str, ...], storage: str | None
) -> tuple[RunDirectory, ...]:
    """Open every named study; raises FaultError with all that are not there."""
    faults: list[Fault] = []
    runs = []
    for name in names:
        try:
            runs.append(find_run(runs_dir, name, storage))
        except FaultError as error:
            faults += error.faults
    if faults:
        raise FaultError(*faults)
    return tuple(runs)


def write_report(run: RunDirectory, path: Path, storage: str | None, say_line: Say = say) -> Path:
    """Write one study's page and say where."""
    return _written(path, render_page(collect_snapshot(run, storage)), say_line)


def write_comparison(
    runs: tuple[RunDirectory, ...], path: Path, storage: str | None, say_line: Say = say
) -> Path:
    """Write the page of several studies and say where."""
    records = [collect_snapshot(run, storage) for run in runs]
    measure = shared_measure(records)
    finals = {
        run.name: found
        for run, one in zip(runs, records, strict=True)
        if (found := winner_scores(run, one, measure, storage)) is not None
    }
    pages = {run.name: _address(run.report, path) for run in runs if run.report.is_file()}
    return _written(path, render_comparison(records, finals, pages), say_line)


def _address(page: Path, seen_from: Path) -> str:
    """Return where a page is, seen from another one."""
    return quote(os.path.relpath(page.resolve(), seen_from.resolve().parent))


def comparison_path(runs_dir: Path, runs: tuple[RunDirectory, ...]) -> Path:
    """Return where a comparison goes: beside the run directories, under the studies' names."""
    name = "-vs-".join(run.name for run in runs)
    if len(name) > 120:
        name = f"compare-{hashlib.sha256(name.encode()).hexdigest()[:12]}"
    return runs_dir / f"{name}.html"


def _written(path: Path, text: str, say_line: Say) -> Path:
    content = text.encode()
    write_output(path, content)
    say_line(f"Report: {path} ({len(content) / 1e6:.1f} MB)")
    return path
