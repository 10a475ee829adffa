"""The files of a bundle against its manifest."""

import hashlib
from pathlib import Path

from search_spaces.faults import Fault
from study.bundle.manifest import MANIFEST, PREDICTIONS, PREPARATION, TEXTS, TYPICAL, Manifest
from study.networks.tasks import NAMES

# All that a bundle can hold beside its manifest. Whatever else lies there, code that Python would
# import instead of a package's above all, is none of a bundle's.
_FILES = frozenset({*TEXTS, PREDICTIONS, TYPICAL, PREPARATION, *NAMES.values()})
_FOLDER = f"{NAMES['saved_model']}/"


def hash_files(bundle: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below the folder but the manifest, by path."""
    files = (path for path in sorted(bundle.rglob("*")) if path.is_file())
    names = {path.relative_to(bundle).as_posix(): path for path in files}
    return {name: file_hash(path) for name, path in names.items() if name != MANIFEST}


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def file_faults(bundle: Path, manifest: Manifest) -> list[Fault]:
    """Name every file that is missing, changed, added or no regular file (empty: all is well)."""
    faults = []
    for path in sorted(bundle.rglob("*")):
        name = path.relative_to(bundle).as_posix()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            faults.append(Fault(str(path), "not a regular file", allowed="no links in a bundle"))
        elif path.is_file() and name not in manifest.files and name != MANIFEST:
            faults.append(Fault(str(path), "not in the manifest"))
    faults += [
        Fault(str(bundle / name), "no file of a bundle", allowed=", ".join(sorted(_FILES)))
        for name in manifest.files
        if name not in _FILES and not name.startswith(_FOLDER)
    ]
    for name, expected in manifest.files.items():
        faults += _file_fault(bundle, name, expected)
    return faults


def _file_fault(bundle: Path, name: str, expected: str) -> list[Fault]:
    path = bundle / name
    if path.is_symlink():
        return []  # reported above
    # A manifest from elsewhere could name any file of this machine.
    if not path.is_file() or ".." in Path(name).parts or Path(name).is_absolute():
        return [Fault(str(path), "missing")]
    found = file_hash(path)
    if found == expected:
        return []
    return [Fault(str(path), "changed", f"SHA-256 {found[:16]}…", f"{expected[:16]}…")]
