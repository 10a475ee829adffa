"""Read a bundle: manifest and config, with the faults of its files."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from search_spaces.faults import FaultError, fault
from study.bundle.files import file_faults
from study.bundle.manifest import PREPARATION, TYPICAL, Manifest, read_manifest
from study.bundle.preparing import read_preparation
from study.bundle.typical import Typical, read_typical
from study.config import TrainConfig
from study.config_file import load_config
from study.data.preparation import Preparation
from study.networks.tasks import NAMES, ReadNetwork, Shape


@dataclass(frozen=True)
class Bundle:
    """A bundle whose every file is as its manifest says."""

    folder: Path
    manifest: Manifest
    config: TrainConfig

    @property
    def network(self) -> ReadNetwork:
        """Return how to read its weights into a network built from our own config."""
        classes = len(self.manifest.about.classes)
        shape = Shape(self.config, self._features, classes)
        path = (self.folder / NAMES["keras"]).absolute()
        return ReadNetwork(shape, path, self.preparation)

    @property
    def typical(self) -> Typical | None:
        """Return what its training inputs look like, None in an older bundle; raises FaultError."""
        classes = len(self.manifest.about.classes)
        return read_typical(self.folder / TYPICAL, self._features, classes)

    @cached_property
    def preparation(self) -> Preparation | None:
        """Return how a table's rows are prepared, None for images; raises FaultError."""
        if not self.manifest.about.columns:
            return None
        return read_preparation(self.folder / PREPARATION, self.manifest.about.columns)

    @property
    def _features(self) -> int:
        prepared = self.preparation
        return self.manifest.features if prepared is None else prepared.features


def read_bundle(folder: Path) -> Bundle:
    """Read a bundle and check every file's hash; raises FaultError naming each wrong file."""
    if not folder.is_dir():
        raise fault(str(folder), "no such bundle", allowed="a folder written by export")
    manifest = read_manifest(folder)
    faults = file_faults(folder, manifest)
    if faults:
        raise FaultError(*faults)
    config = load_config(folder / "config.toml")
    if not 0 < manifest.features <= 10_000_000 or not 0 < len(manifest.about.classes) <= 65536:
        raise fault(str(folder), "a network of an impossible size", manifest.features)
    return Bundle(folder, manifest, config)
