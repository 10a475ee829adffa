"""The manifest: what a bundle is, where it comes from, and the hash of each of its files."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from reports.calibration import Temperature
from reports.json_values import from_json, parse_json, to_json
from search_spaces.data_source import AS_IT_IS, DataOptions
from search_spaces.faults import FaultError, fault
from search_spaces.measures import MeasureName
from study.data.values import About

MANIFEST = "manifest.json"
TEXTS = ("config.toml", "config.json", "train.py", "card.md")
PREDICTIONS = "predictions.npz"
TYPICAL = "typical.npz"
PREPARATION = "preparation.json"

_LONGEST = 1_000_000
_SEAL = "sha256_of_the_rest"


@dataclass(frozen=True)
class Claim:
    """The accuracy a bundle stands for: a fraction of the n images of a split, under one seed.

    `split_seed`, `share` and `folds` name the validation split; the first two are None where the
    network was trained on train + validation and the split is the test split. A retraining on
    another machine is expected from low to high (both included), which `basis` explains. `value` is
    what the same training reached in its study's `measure`; both are None where that is the
    accuracy.
    """

    accuracy: float
    split: Literal["test", "validation"]
    n: int
    seed: int
    split_seed: int | None
    share: float | None
    low: float
    high: float
    basis: str
    measure: MeasureName | None = None
    value: float | None = None
    folds: int = 1


@dataclass(frozen=True)
class Manifest:
    """Say what a bundle is. `weights_hash` is the SHA-256 of the weights in Keras's order.

    `seed` is the one the weights were trained under, `features` and `train_n` are the inputs an
    image has and the images trained on. `ledger_chain` is the test ledger's last hash, None where
    the test split was never opened. `files` are SHA-256 hashes by path, `read_as` says how the
    data was read. `temperature` makes the network's probabilities truer (docs/calibration.md); None
    where none was found to, and in bundles of older versions.
    """

    form: Literal[1]
    study: str
    candidate: str
    created: str
    seed: int
    weights_hash: str
    about: About
    features: int
    train_n: int
    bright_background: bool
    claim: Claim
    ledger_chain: str | None
    versions: dict[str, str]
    machine: str
    files: dict[str, str]
    read_as: DataOptions = AS_IT_IS
    temperature: Temperature | None = None


def render_manifest(manifest: Manifest) -> bytes:
    """Return the manifest as JSON that holds a hash of itself: no byte can change unseen."""
    content = to_json(manifest)
    if not manifest.about.columns:
        # Images have none, and bundles of older versions do not name them.
        del content["about"]["columns"]
    if not manifest.about.weight:
        del content["about"]["weight"]
    if manifest.claim.measure is None:
        del content["claim"]["measure"], content["claim"]["value"]
    if manifest.claim.folds == 1:
        del content["claim"]["folds"]
    if manifest.read_as == AS_IT_IS:
        del content["read_as"]
    elif not manifest.read_as.weight:
        del content["read_as"]["weight"]
    if manifest.temperature is None:
        del content["temperature"]
    return _render({**content, _SEAL: hashlib.sha256(_render(content)).hexdigest()})


def read_manifest(bundle: Path) -> Manifest:
    """Read a bundle's manifest; raises FaultError where it is absent, damaged or of another form.

    The hash inside shows damage, not malice: who edits the file can write a new one.
    """
    path = bundle / MANIFEST
    if path.is_symlink() or not path.is_file() or path.stat().st_size > _LONGEST:
        raise fault(str(path), "no manifest", allowed="a bundle written by `dense-study export`")
    content = path.read_bytes()
    try:
        values = parse_json(content, str(path))
        values.pop(_SEAL, None)
        manifest = from_json(Manifest, values, str(path))
    except FaultError as error:
        raise fault(str(path), "damaged: it is no manifest") from error
    if render_manifest(manifest) != content:
        raise fault(str(path), "damaged: it differs from what was written")
    return manifest


def _render(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, indent=1, sort_keys=True, ensure_ascii=True) + "\n").encode()
