"""Where data sets of a known name are looked for, in order, and where a download goes."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from search_spaces.faults import fault

DATA_FOLDER = "DENSE_STUDY_DATA"


def given_file(name: str, environ: Mapping[str, str]) -> Path | None:
    """Return $DENSE_STUDY_DATA/<name>.npz, None where the variable is not set.

    Raises FaultError where it names no folder: the user thinks that it does.
    """
    folder = environ.get(DATA_FOLDER)
    if not folder:
        return None
    if not os.path.isdir(folder):  # noqa: PTH112 what cannot be looked at is no folder to read from
        raise fault(f"${DATA_FOLDER}", "names no folder", repr(folder), f"a folder with {name}.npz")
    return Path(folder) / f"{name}.npz"


def keras_folder(environ: Mapping[str, str]) -> Path | None:
    """Return the folder in which Keras keeps its data sets: $KERAS_HOME or ~/.keras.

    None where neither is to be had.
    """
    given, home = environ.get("KERAS_HOME"), _home(environ)
    if given:
        return Path(given) / "datasets"
    return home and home / ".keras" / "datasets"


def download_folder(environ: Mapping[str, str]) -> Path | None:
    """Return the user's cache folder for downloads: $XDG_CACHE_HOME, or the system's own.

    None where neither is to be had.
    """
    cache, home = environ.get("XDG_CACHE_HOME"), _home(environ)
    if cache:
        return Path(cache) / "dense-study"
    if os.name == "nt" and environ.get("LOCALAPPDATA"):
        return Path(environ["LOCALAPPDATA"]) / "dense-study"
    if sys.platform == "darwin":
        return home and home / "Library" / "Caches" / "dense-study"
    return home and home / ".cache" / "dense-study"


def _home(environ: Mapping[str, str]) -> Path | None:
    if environ.get("HOME"):
        return Path(environ["HOME"])
    try:
        return Path.home()
    except RuntimeError:  # a user that the system does not know, as in a container
        return None
