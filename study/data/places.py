"""Where data sets of a known name are looked for, in order, and where a download goes."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

DATA_FOLDER = "DENSE_STUDY_DATA"


def given_file(name: str, environ: Mapping[str, str]) -> Path | None:
    """Return $DENSE_STUDY_DATA/<name>.npz, None where the variable is not set."""
    folder = environ.get(DATA_FOLDER)
    return Path(folder) / f"{name}.npz" if folder else None


def keras_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder in which Keras keeps its data sets: $KERAS_HOME or ~/.keras."""
    home = environ.get("KERAS_HOME")
    return (Path(home) if home else _home(environ) / ".keras") / "datasets"


def download_folder(environ: Mapping[str, str]) -> Path:
    """Return the user's cache folder for downloads: $XDG_CACHE_HOME, or the system's own."""
    cache = environ.get("XDG_CACHE_HOME")
    if cache:
        return Path(cache) / "dense-study"
    if os.name == "nt":
        return Path(environ.get("LOCALAPPDATA", str(_home(environ)))) / "dense-study"
    if sys.platform == "darwin":
        return _home(environ) / "Library" / "Caches" / "dense-study"
    return _home(environ) / ".cache" / "dense-study"


def _home(environ: Mapping[str, str]) -> Path:
    return Path(environ["HOME"]) if environ.get("HOME") else Path.home()
