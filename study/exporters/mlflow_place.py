"""Where MLflow keeps runs: what was asked for, or where its own settings say."""

import logging
from pathlib import Path

import mlflow
from mlflow.entities import Experiment
from mlflow.tracking import MlflowClient

from search_spaces.faults import fault
from study.run_dir.outputs import check_output
from study.run_dir.urls import redact_url, sqlite_url

_DATABASE, _ARTIFACTS = "mlflow.db", "artifacts"
# Has MLflow show the runs at once, and not what it has for language models.
_KIND = {"mlflow.experimentKind": "custom_model_development"}


class MlflowPlace:
    """A tracking store: `asked` is its address, a folder, or None for MLFLOW_TRACKING_URI.

    A folder gets a database and a folder of artifacts. Raises FaultError for a folder of a study's
    own.
    """

    def __init__(self, asked: str | None) -> None:
        # Databases that are set up and migrated would be reported line by line.
        logging.getLogger("mlflow").setLevel(logging.WARNING)
        logging.getLogger("alembic").setLevel(logging.WARNING)
        self._folder = None if asked is None or ":" in asked else Path(asked).absolute()
        address = asked or str(mlflow.get_tracking_uri())
        if self._folder is not None:
            check_output(self._folder)
            self._folder.mkdir(parents=True, exist_ok=True)
            address = sqlite_url(self._folder / _DATABASE)
        self.shown = redact_url(address)
        self.client = MlflowClient(address)

    def experiment(self, name: str) -> str:
        """Return the id of the experiment of this name, which is made if need be.

        Raises FaultError for one that was deleted, which MLflow keeps under its name.
        """
        found: Experiment | None = self.client.get_experiment_by_name(name)
        if found is None:
            artifacts = None if self._folder is None else (self._folder / _ARTIFACTS).as_uri()
            return str(self.client.create_experiment(name, artifacts, _KIND))
        if found.lifecycle_stage != "active":
            what = f"the experiment {name} was deleted there"
            raise fault("mlflow", what, allowed="restore it, or delete it for good: mlflow gc")
        return str(found.experiment_id)
