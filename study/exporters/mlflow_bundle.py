"""A study's page and bundle as artifacts of a run, and the bundle's network as a model."""

from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import mlflow.pyfunc
from mlflow.tracking import MlflowClient

from study.bundle.manifest import read_manifest
from study.exporters.exporter import StudyFiles

# What loads the model: MLflow imports it by this name where the model is used.
LOADER = "study.api.mlflow_model"
_BUNDLE, _MODEL = "bundle", "dense_study.model"


def log_files(client: MlflowClient, experiment: str, run: str, files: StudyFiles) -> None:
    """Write what is there of page and bundle; a model of the same bundle is written once.

    Raises FaultError where the bundle has no manifest that can be read.
    """
    if files.report.is_file():
        client.log_artifact(run, str(files.report))
    if not files.bundle.is_dir():
        return
    client.log_artifacts(run, str(files.bundle), _BUNDLE)
    manifest = read_manifest(files.bundle)
    mark = f"{manifest.weights_hash} {manifest.created}"
    if client.get_run(run).data.tags.get(_MODEL) != mark:
        _log_model(client, experiment, run, files.bundle, manifest.candidate)
        client.set_tag(run, _MODEL, mark)


def _log_model(
    client: MlflowClient, experiment: str, run: str, bundle: Path, candidate: str
) -> None:
    tags = {"candidate": candidate}
    model = client.create_logged_model(experiment, "network", run, tags)
    with TemporaryDirectory(prefix="dense-study-") as folder:
        local = Path(folder) / "model"
        mlflow.pyfunc.save_model(
            str(local),
            loader_module=LOADER,
            data_path=str(bundle),
            pip_requirements=[f"dense-study=={version('dense-study')}"],
        )
        client.log_model_artifacts(model.model_id, str(local))
    client.finalize_logged_model(model.model_id, "READY")
