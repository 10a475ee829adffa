"""The engine's own source in one hash: equal sources train to the same weights."""

import hashlib
from pathlib import Path

from search_spaces import parameters

_HERE = Path(__file__).parent
# What else decides what a job trains to: a config's meaning, the network, the split or
# folds and their seeds, how a table's columns are prepared, what rows count.
_BESIDE = (
    "config.py",
    "networks/keras_model.py",
    "data/columns.py",
    "data/fitting.py",
    "data/folds.py",
    "data/preparation.py",
    "data/prepared.py",
    "data/row_values.py",
    "data/split.py",
    "data/stratify.py",
    "engine/keras_home/keras.json",
)


def engine_fingerprint() -> str:
    """Return the SHA-256 of the source files that decide what a training yields."""
    digest = hashlib.sha256()
    beside = (*(_HERE.parent / name for name in _BESIDE), Path(parameters.__file__))
    for path in (*sorted(_HERE.glob("*.py")), *beside):
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode() + content)
    return digest.hexdigest()
