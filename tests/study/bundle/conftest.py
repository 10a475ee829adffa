"""A real study, searched and confirmed, and its bundle: made once, never changed by a test."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from study.bundle.write import Target, write_bundle
from study.confirmation.conclude import confirm
from study.data.load import load_data
from study.data.store import save_training_data
from study.executors.local import LocalExecutor
from study.progress.shown import SILENT
from study.record.snapshot import collect_snapshot
from study.run_dir.confirm_options import ConfirmOptions
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import read_plan
from study.workflows.workers import trains_alone

# The widths that were searched, the baseline's first, and their validation accuracies.
TRIALS = [(16, 0.5), (96, 0.8)]


@pytest.fixture(scope="session")
def confirmed(
    tmp_path_factory: pytest.TempPathFactory, make_study: Any, warm_processes: Any
) -> SimpleNamespace:
    """`run`, `record`, `loaded`, `bundle` and `manifest` of a study that was really confirmed."""
    with warm_processes.lent():
        return _confirmed(make_study(tmp_path_factory.mktemp("runs") / "first", TRIALS))


def _confirmed(run: RunDirectory) -> SimpleNamespace:
    loaded = load_data("digits", {})
    executor = LocalExecutor(1, run.workers_log)
    try:
        save_training_data(run.shared_data, loaded.training)
        executor.open_data(run.shared_data)
        options = ConfirmOptions(seeds=2, top=1, rounds=1)
        confirm(run, read_plan(run), loaded, executor, options, SILENT)
    finally:
        executor.close()
    record = collect_snapshot(run)
    folder = run.root.parent / "bundles" / "first"
    target = Target(folder, "2026-01-01T00:00:00+00:00", ("onnx", "litert", "saved_model"))
    train = trains_alone(loaded.training, run.workers_log)
    manifest = write_bundle(run, read_plan(run), record, loaded.training, train, target)
    return SimpleNamespace(
        run=run, record=record, loaded=loaded, bundle=Path(folder), manifest=manifest
    )
