"""Studies from Python: run one, open one, and read what it found."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, cast

import plotly.graph_objects as go

from reports.blocks import file_names
from reports.fold_words import rows_words
from reports.images import figure_values
from reports.inline.study import study_svg
from reports.numbers import parse_duration, percent, plural, scalar
from reports.page import record_charts, render_page
from reports.record import StudyRecord
from reports.summary import render_summary
from study.api.argument_faults import faults_of_arguments
from study.api.arguments import DataLike, given_data, given_jobs, given_name, given_texts
from study.api.building import SpaceLike, loaded_space
from study.api.bundles import LoadedBundle, load_bundle
from study.api.findings import Best, Trials, Verdict, best_of, verdict_of
from study.executors.choose import Place
from study.executors.gpus import Device
from study.exporters.destination import Destination, Target, parse_live
from study.machine import CLOCKS
from study.networks.tasks import Form
from study.progress.console import console_of_program
from study.progress.shown import shown_progress
from study.record.snapshot import collect_snapshot, find_run
from study.run_dir.outputs import check_output, write_output
from study.run_dir.paths import RunDirectory
from study.workflows.export import Export, export_bundle, export_study
from study.workflows.request import Request, default_name, with_data_of_space
from study.workflows.run import run_study


class Figures(Mapping[str, go.Figure]):
    """The figures of a study's report as plotly figures, by what they show."""

    def __init__(self, record: StudyRecord) -> None:
        charts = record_charts(record)
        self._charts = dict(zip(file_names(charts), charts, strict=True))

    def __getitem__(self, name: str) -> go.Figure:
        return go.Figure(figure_values(self._charts[name]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._charts)

    def __len__(self) -> int:
        return len(self._charts)


class Study:
    """A study on this machine or in PostgreSQL, as it is when it is opened."""

    def __init__(self, run: RunDirectory, storage: str | None = None) -> None:
        self._run, self._storage = run, storage
        self.record: StudyRecord = collect_snapshot(run, storage)

    @property
    def name(self) -> str:
        """Return the study's name."""
        return self.record.name

    @property
    def folder(self) -> Path:
        """Return the run directory."""
        return self._run.root

    @property
    def best(self) -> Best | None:
        """Return the confirmed winner, else the best trial; None where no trial is complete."""
        return best_of(self.record)

    @property
    def verdict(self) -> Verdict | None:
        """Return the answer, None where the study has no confirmation."""
        return verdict_of(self.record)

    @property
    def trials(self) -> Trials:
        """Return every trial, by number."""
        return Trials(self.record.trials)

    @property
    def figures(self) -> Figures:
        """Return the figures of the report."""
        return Figures(self.record)

    def report(self, path: str | Path | None = None) -> Path:
        """Write the report page, by default into the run directory, and return its path.

        Raises DenseStudyError where it cannot be written.
        """
        target = self._run.report if path is None else Path(path)
        if path is not None:
            check_output(target)
        write_output(target, render_page(self.record).encode())
        return target

    @faults_of_arguments()
    def export(
        self, folder: str | Path | None = None, *, forms: Sequence[Form] = ()
    ) -> LoadedBundle:
        """Write the best config as a bundle, by default into the run directory, and load it.

        `forms` are "onnx", "litert" and "saved_model". Raises DenseStudyError.
        """
        target = self._run.best if folder is None else Path(folder)
        asked = cast("tuple[Form, ...]", tuple(given_texts("forms", forms)))
        export_bundle(self._run, Export(target, asked, None, self._storage))
        return load_bundle(target)

    @faults_of_arguments()
    def export_to(self, target: Target, place: str | Path | None = None) -> str:
        """Write the whole study for another tool as it is now, and return where.

        `target` is mlflow, tensorboard, wandb, parquet or csv; `place` a folder, a file or an
        address. What is there already is completed. Raises DenseStudyError.
        """
        asked = Destination(target, None if place is None else str(place))
        return export_study(self._run, asked, self._storage, "export_to")

    def __repr__(self) -> str:
        return f"<Study {self.name}: {plural(len(self.record.trials), 'trial')}, {self._answer()}>"

    def __str__(self) -> str:
        """Return what `dense-study show` prints."""
        return render_summary(self.record)

    def _repr_html_(self) -> str:
        """Return the verdict, the best config and a small picture of them, for a notebook.

        It has no script: a notebook keeps it in a few thousand bytes.
        """
        best = self.best
        text = f"<h4>{escape(self.name)}</h4><p>{escape(self._answer())}</p>"
        if best is not None:
            params = ", ".join(f"{name} = {scalar(value)}" for name, value in best.params.items())
            folds = self.record.folds if best.split == "validation" else 1
            rows = rows_words(best.n, folds)
            where = f"{percent(best.accuracy)} on {best.split} ({rows})"
            text += f"<p>{escape(best.name)}: {escape(where)}: <code>{escape(params)}</code></p>"
        return text + study_svg(self.record)

    def _answer(self) -> str:
        return "no verdict yet" if self.verdict is None else self.verdict.sentence


@faults_of_arguments()
def run(  # noqa: PLR0913 what a study can be given
    space: SpaceLike = "four",
    data: DataLike | None = None,
    *,
    name: str | None = None,
    runs_dir: str | Path = "runs",
    jobs: int | None = None,
    deterministic: bool | None = None,
    device: Device = "cpu",
    storage: str | None = None,
    log_to: Sequence[str] = (),
    budget: float | str | None = None,
    quiet: bool = False,
    **options: Any,
) -> Study:
    """Run a study as `dense-study run` does, or continue the one of this name, and return it.

    `data` is a known name, the path of your own data, a data frame that holds the `target`, or a
    mapping of `x_train`, `y_train`, `x_test` and `y_test`, or of `x` and `y` alone, to arrays; what
    is in memory is kept in `runs_dir`, so that the study can go on. None stands for the [data] of
    the space, else for digits. `device` is what trains: cpu, gpu or auto. `log_to` are trackers to
    write to meanwhile: mlflow, tensorboard, wandb, each perhaps with =PLACE. `budget` is the wall
    clock for the whole answer, in seconds or as a text such as "10m". `options` are the plan's own:
    trials, stop_when, seed, measure, folds, sampler, pruner, timeout_seconds,
    trial_timeout_seconds,
    confirm, confirm_seeds (0: auto), top, margin (a fraction), ablate, and for the data target,
    drop, test_data (a path or a data frame), test_share, group, time and weight. Raises
    DenseStudyError with what is wrong, TypeError for an unknown option, KeyboardInterrupt when
    stopped: what was recorded is kept, and the same call goes on.
    """
    asked_at, folder = CLOCKS.seconds(), Path(runs_dir)
    own_space = loaded_space(space)
    given = {**given_data(data, folder, options), "space": own_space.name}
    if budget is not None:
        given["budget_seconds"] = _seconds(budget)
    trackers = tuple(map(parse_live, given_texts("log_to", log_to)))
    request = with_data_of_space(
        Request(
            given,
            given_jobs(jobs),
            deterministic,
            storage,
            place=Place(device=device),
            own_space=own_space,
            log_to=trackers,
            asked_at=asked_at,
        )
    )
    own_name = default_name(request) if name is None else given_name(name)
    there = RunDirectory(folder / own_name)
    with shown_progress(console_of_program(), quiet) as shown:
        run_study(there, request, shown)
    return Study(there, storage)


def _seconds(time: float | str) -> float:
    return parse_duration(time, "budget") if isinstance(time, str) else time


def open_study(name: str, runs_dir: str | Path = "runs", storage: str | None = None) -> Study:
    """Open a study that was begun, finished or not; raises DenseStudyError where there is none."""
    return Study(find_run(Path(runs_dir), given_name(name), storage), storage)
