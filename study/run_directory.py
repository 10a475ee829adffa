"""The run directory: `runs/<name>/` and every path in it."""

import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from search_spaces.faults import fault

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


@dataclass(frozen=True)
class RunDirectory:
    """Own the paths of one study; nothing else in the product spells them."""

    root: Path

    @property
    def name(self) -> str:
        """Return the study's name."""
        return self.root.name

    @property
    def database(self) -> Path:
        """Return the Optuna storage that is used unless another was asked for."""
        return self.root / "study.db"

    @property
    def plan(self) -> Path:
        """Return what the study was asked."""
        return self.root / "plan.toml"

    @property
    def space(self) -> Path:
        """Return the search space as it was when the study began."""
        return self.root / "space.toml"

    @property
    def data(self) -> Path:
        """Return what the study's data is: its DataRecord as JSON."""
        return self.root / "data.json"

    @property
    def asked(self) -> Path:
        """Return the list of trials asked, one JSON object a line."""
        return self.root / "asked.jsonl"

    @property
    def ledger(self) -> Path:
        """Return the list of openings of the test set."""
        return self.root / "ledger.jsonl"

    @property
    def confirmation(self) -> Path:
        """Return what was found after the search, as JSON."""
        return self.root / "confirmation.json"

    @property
    def retrainings(self) -> Path:
        """Return every retraining of the confirmation, one JSON object a line."""
        return self.root / "retrainings.jsonl"

    @property
    def test_predictions(self) -> Path:
        """Return the classes that evaluated weights gave to the test images."""
        return self.root / "test_predictions.npz"

    def weights_file(self, weights_hash: str) -> Path:
        """Return where the weights of a retraining lie, named by their hash."""
        return self.root / "weights" / f"{weights_hash}.npz"

    @property
    def lineage(self) -> Path:
        """Return which trials were taken over from another study, as JSON."""
        return self.root / "lineage.json"

    @property
    def summaries(self) -> Path:
        """Return Keras's model summaries by candidate, as JSON."""
        return self.root / "summaries.json"

    @property
    def report(self) -> Path:
        """Return the report page."""
        return self.root / "report.html"

    @property
    def best(self) -> Path:
        """Return the folder of the bundle."""
        return self.root / "best"

    @property
    def log(self) -> Path:
        """Return the log: what workers wrote to stderr, tracebacks and notes."""
        return self.root / "log.txt"

    @property
    def lock(self) -> Path:
        """Return the file that the one coordinator holds locked."""
        return self.root / "lock"

    @property
    def shared_data(self) -> Path:
        """Return the folder through which workers map the training data; gone after a run."""
        return self.root / ".data"

    def create(self) -> None:
        """Make the folder; raises FaultError where that cannot be."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _cannot_write(self.root, error) from error

    def exists(self) -> bool:
        """Tell whether a study was begun here."""
        return self.plan.is_file()

    def write_text(self, path: Path, text: str) -> None:
        """Write a file of this directory whole or not at all; raises FaultError."""
        self.write_bytes(path, text.encode())

    def write_bytes(self, path: Path, content: bytes) -> None:
        """Write a file of this directory whole or not at all; raises FaultError."""
        try:
            _write_atomically(path, content)
        except OSError as error:
            raise _cannot_write(path, error) from error

    def append_log(self, text: str) -> None:
        """Add a line to the log; raises FaultError."""
        try:
            with self.log.open("a", encoding="utf-8") as log:
                log.write(text.rstrip("\n") + "\n")
        except OSError as error:
            raise _cannot_write(self.log, error) from error


def _cannot_write(path: Path, error: OSError) -> Exception:
    return fault(str(path), f"cannot be written: {error.strerror or error}")


def _write_atomically(path: Path, content: bytes) -> None:
    # The temporary file lies beside its target, since a rename is atomic only on one file system.
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp lets only its owner read; a report is to be read by whom the umask allows.
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def check_study_name(name: str) -> str:
    """Return a name that is safe as a folder's; raises FaultError for any other."""
    if not _NAME.fullmatch(name):
        allowed = "1-80 letters, digits, '.', '_' and '-', a letter or digit first"
        raise fault("--name", "not a study name", repr(name), allowed)
    return name


def find_runs(runs_dir: Path) -> tuple[RunDirectory, ...]:
    """Return every study of a folder, by name."""
    if not runs_dir.is_dir():
        return ()
    runs = (RunDirectory(path) for path in sorted(runs_dir.iterdir()) if path.is_dir())
    return tuple(run for run in runs if run.exists())


def open_run(runs_dir: Path, name: str) -> RunDirectory:
    """Return an existing study's run directory; raises FaultError naming those there are."""
    run = RunDirectory(runs_dir / check_study_name(name))
    if not run.exists():
        there = ", ".join(found.name for found in find_runs(runs_dir)) or "none yet"
        raise fault(str(runs_dir), "no such study", name, there)
    return run
