"""Write a study's best config as a bundle, return it as text, or write the study elsewhere."""

import importlib.util
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reports.record import StudyRecord
from reports.trials import trial_name
from search_spaces.faults import fault, unknown
from study.bundle.choice import choose
from study.bundle.config_forms import ConfigForm, render_config
from study.bundle.ingredients import claimed, provenance, reached
from study.bundle.manifest import Manifest
from study.bundle.write import Target, write_bundle
from study.config import config_from_params
from study.data.load import load_data
from study.data.values import TrainingData
from study.exporters.destination import Destination, opened_exporter
from study.exporters.exporter import StudyFiles
from study.machine import utc_text
from study.networks.tasks import NAMES, Form
from study.record.collect import collect
from study.record.snapshot import collect_snapshot, snapshot
from study.run_dir.lock import locked
from study.run_dir.outputs import check_output
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import Plan, check_is_dense
from study.workflows.workers import trains_alone

# What each form needs beyond the package's own dependencies, and the extra that brings it.
_NEEDS: dict[str, tuple[str, str]] = {"onnx": ("tf2onnx", "onnx")}


@dataclass(frozen=True)
class Export:
    """What to export: the bundle's folder and forms; data and storage where not the plan's own."""

    folder: Path
    forms: tuple[Form, ...] = ()
    data: str | None = None
    storage: str | None = None


def export_bundle(run: RunDirectory, export: Export) -> Manifest:
    """Write the bundle; raises FaultError."""
    check_forms(export.forms)
    check_output(export.folder)
    run.create()
    with locked(run), snapshot(run, export.storage) as there:
        check_is_dense(there.plan)
        record = collect(there.run, there.plan, export.storage, place=run)
        training = _load(export, there.plan)
        target = Target(export.folder, utc_text(), export.forms)
        trains = trains_alone(training, run.workers_log)
        return write_bundle(there.run, there.plan, record, training, trains, target)


def export_study(
    run: RunDirectory, destination: Destination, storage: str | None = None, option: str = "--to"
) -> str:
    """Write the study as it is now for another tool and return where; raises FaultError.

    `option` is what the destination was asked by. What is there already is completed.
    """
    record = collect_snapshot(run, storage)
    with opened_exporter(destination, record, run.exports, option) as exporter:
        exporter.write_study(record, StudyFiles(run.report, run.best))
        return exporter.place


def _load(export: Export, plan: Plan) -> TrainingData:
    return load_data(export.data or plan.data, os.environ, options=plan.data_options()).training


def check_forms(forms: Sequence[Form]) -> None:
    """Raise FaultError where there is no such form, or a package that it needs is missing."""
    for form in forms:
        if form not in NAMES:
            raise fault("--format", unknown("form", form, NAMES), form, ", ".join(NAMES))
        package, extra = _NEEDS.get(form, ("", ""))
        if package and importlib.util.find_spec(package) is None:
            advice = f"pip install 'dense-study[{extra}]'"
            raise fault(f"--format {form}", f"{package} is not installed", allowed=advice)


def config_text(
    run: RunDirectory, form: ConfigForm, storage: str | None, trial: int | None = None
) -> str:
    """Return the best config as text, or a trial's; raises FaultError where there is none."""
    with snapshot(run, storage) as there:
        check_is_dense(there.plan)
        record = collect(there.run, there.plan, storage, place=run)
    if trial is not None:
        return _trial_text(record, trial, form)
    choice = choose(record, there.plan.share)
    origin = provenance(record, choice.candidate, claimed(choice.claim))
    return render_config(choice.config, origin, form)


def _trial_text(record: StudyRecord, number: int, form: ConfigForm) -> str:
    trial = next((one for one in record.trials if one.number == number), None)
    if trial is None:
        numbers = [one.number for one in record.trials]
        allowed = f"{min(numbers)} to {max(numbers)}" if numbers else "none yet"
        raise fault(f"study {record.name}", "no such trial", str(number), allowed)
    name = trial_name(trial)
    origin = provenance(record, name, reached(trial, record.measure))
    return render_config(config_from_params(trial.config, name), origin, form)
