"""Runs in MLflow, read back by its own client."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import mlflow
import numpy as np
import pytest
from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from reports.record import StudyRecord
from search_spaces.faults import FaultError
from study.api.bundles import load_bundle
from study.cli import exit_code
from study.exporters.destination import Destination, opened_exporter
from study.exporters.exporter import Exporter, StudyFiles
from study.record.snapshot import collect_snapshot
from tests.study.conftest import MakeStudy
from tests.study.exporters.conftest import running

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory, record: StudyRecord) -> Path:
    """A store without runs: to set up its tables takes seconds."""
    folder = tmp_path_factory.mktemp("store")
    with opened(folder, replace(record, name="other")):
        pass
    return folder


@pytest.fixture
def store(empty_store: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(empty_store, tmp_path / "store"))


@contextmanager
def opened(folder: Path, record: StudyRecord) -> Iterator[Exporter]:
    with opened_exporter(Destination("mlflow", str(folder)), record, folder) as exporter:
        yield exporter


def export(folder: Path, record: StudyRecord, files: StudyFiles) -> None:
    with opened(folder, record) as exporter:
        exporter.write_study(record, files)


def client_of(folder: Path) -> MlflowClient:
    return MlflowClient(f"sqlite:///{folder}/mlflow.db")


def runs_of(folder: Path, name: str = "exported") -> dict[str, Run]:
    """Return the runs of a study by name; no two have the same."""
    client = client_of(folder)
    found = client.search_runs([client.get_experiment_by_name(name).experiment_id])
    names = [run.info.run_name for run in found]
    assert len(names) == len(set(names))
    return {run.info.run_name: run for run in found}


def curve_of(folder: Path, run: Run, metric: str) -> list[tuple[int, float]]:
    return [
        (one.step, one.value)
        for one in client_of(folder).get_metric_history(run.info.run_id, metric)
    ]


def test_each_trial_is_a_run_below_the_one_of_the_study(
    record: StudyRecord, files: StudyFiles, store: Path
) -> None:
    export(store, record, files)

    runs = runs_of(store)
    assert runs.keys() == {"exported", "baseline", "trial 1", "trial 2", "trial 3"}
    parent = runs.pop("exported")
    assert {run.data.tags["mlflow.parentRunId"] for run in runs.values()} == {parent.info.run_id}
    assert {name: run.info.status for name, run in runs.items()} == {
        "baseline": "FINISHED",
        "trial 1": "FINISHED",
        "trial 2": "FAILED",
        "trial 3": "KILLED",
    }
    assert parent.info.status == "FINISHED"
    assert parent.data.params["space"] == "tiny"
    assert parent.data.params["test_n"] == "359"
    assert parent.data.metrics == {"best_validation_accuracy": 0.8}
    assert parent.data.tags["best_of_search"] == "trial 1"
    assert parent.data.tags["mlflow.note.content"].startswith("    exported\n")

    trial = runs["trial 1"]
    assert trial.data.params == {
        name: str(value) for name, value in record.trials[1].config.items()
    }
    assert trial.data.metrics == {
        "train_loss": pytest.approx(1 / 3),
        "validation_loss": pytest.approx(0.5 / 3),
        "validation_accuracy": pytest.approx(0.9),
        "accuracy": 0.8,
        "loss": pytest.approx(0.2),
        "seconds": 1.0,
    }
    assert curve_of(store, trial, "train_loss") == [(1, 1.0), (2, 0.5), (3, pytest.approx(1 / 3))]
    tags = ("origin", "seed", "split", "n", "searched")
    assert [trial.data.tags[name] for name in tags] == [
        "search",
        "101",
        "validation",
        "240",
        "width",
    ]
    assert runs["trial 2"].data.tags["reason"] == "diverged in epoch 2"
    assert runs["trial 3"].data.tags["dense_study.state"] == "pruned"


def test_a_study_that_is_written_twice_has_no_run_twice(
    record: StudyRecord, files: StudyFiles, store: Path
) -> None:
    export(store, record, files)
    before = runs_of(store)
    export(store, record, files)
    after = runs_of(store)
    assert {name: run.info.run_id for name, run in after.items()} == {
        name: run.info.run_id for name, run in before.items()
    }
    assert len(curve_of(store, after["trial 1"], "train_loss")) == 3


def test_what_was_written_live_is_completed_and_an_interrupted_trial_goes_on(
    record: StudyRecord, files: StudyFiles, store: Path
) -> None:
    trial = record.trials[1]
    with opened(store, record) as exporter:
        exporter.write_trial(running(trial, 0))
        exporter.write_trial(running(trial, 1))
        exporter.write_trial(running(trial, 2))
    assert runs_of(store)["trial 1"].info.status == "RUNNING"

    stopped = replace(running(trial, 0), state="interrupted")
    export(store, replace(record, trials=(record.trials[0], stopped)), files)
    runs = runs_of(store)
    assert runs["trial 1"].info.status == "KILLED"
    assert runs["exported"].info.status == "RUNNING"

    with opened(store, record) as exporter:
        exporter.write_trial(running(trial, 1))
        assert runs_of(store)["trial 1"].info.status == "RUNNING"
        exporter.write_trial(running(trial, 3))
        exporter.write_trial(trial)
    found = runs_of(store)["trial 1"]
    assert found.info.status == "FINISHED"
    assert [step for step, _ in curve_of(store, found, "train_loss")] == [1, 2, 3]


def test_another_study_of_the_same_name_has_runs_of_its_own(
    record: StudyRecord, files: StudyFiles, store: Path
) -> None:
    export(store, record, files)
    export(store, replace(record, created="2026-02-02T00:00:00+00:00"), files)
    client = client_of(store)
    found = client.search_runs([client.get_experiment_by_name("exported").experiment_id])
    assert len(found) == 10


def test_the_report_page_is_an_artifact_of_the_study(
    record: StudyRecord, files: StudyFiles, store: Path
) -> None:
    files.report.write_text("<title>page</title>")
    export(store, record, files)
    export(store, record, files)
    parent = runs_of(store)["exported"].info.run_id
    assert [one.path for one in client_of(store).list_artifacts(parent)] == ["report.html"]


@pytest.mark.usefixtures("warm")
def test_the_bundle_is_a_model_that_is_written_once_and_predicts_as_the_bundle_does(
    make_study: MakeStudy, store: Path, tmp_path: Path
) -> None:
    run = make_study(tmp_path / "runs" / "bundled", ((16, 0.5), (32, 0.8)))
    assert exit_code(["export", "bundled", "--runs-dir", str(tmp_path / "runs")]) == 0
    bundled = collect_snapshot(run)
    export(store, bundled, StudyFiles(run.report, run.best))
    export(store, bundled, StudyFiles(run.report, run.best))

    client = client_of(store)
    parent = runs_of(store, "bundled")["bundled"]
    held = {one.path for one in client.list_artifacts(parent.info.run_id, "bundle")}
    assert held == {f"bundle/{path.name}" for path in run.best.iterdir()}
    (model,) = client.search_logged_models([parent.info.experiment_id])
    assert (model.name, model.source_run_id) == ("network", parent.info.run_id)
    assert model.tags["candidate"] == "trial 1"
    loaded = mlflow.pyfunc.load_model(
        str(store / "artifacts" / "models" / model.model_id / "artifacts")
    )
    images = np.arange(640, dtype=np.float32).reshape(10, 8, 8) % 17
    assert loaded.predict(images).tolist() == load_bundle(run.best).predict(images).classes


def test_a_deleted_experiment_is_one_message(
    record: StudyRecord, files: StudyFiles, store: Path
) -> None:
    client = client_of(store)
    client.delete_experiment(client.get_experiment_by_name("other").experiment_id)
    with pytest.raises(FaultError) as caught:
        export(store, replace(record, name="other"), files)
    assert str(caught.value) == (
        "mlflow: the experiment other was deleted there; "
        "allowed: restore it, or delete it for good: mlflow gc"
    )


def test_a_server_that_is_not_there_is_one_message_without_its_password(
    record: StudyRecord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with (
        pytest.raises(FaultError) as caught,
        opened_exporter(Destination("mlflow", "http://me:secret@127.0.0.1:9"), record, tmp_path),
    ):
        pass
    said = str(caught.value)
    assert said.startswith(
        "--to mlflow=http://me:***@127.0.0.1:9: cannot be written: API request to "
    )
    assert "secret" not in said
    assert "\n" not in said
