"""The run directory: `runs/<name>/` and every path in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from search_spaces.faults import fault
from study.run_dir.atomic import write_atomically
from study.run_dir.json_lines import JsonLines
from study.run_dir.replica import NO_REPLICA, Replica


@dataclass(frozen=True)
class RunDirectory:
    """Own the paths of one study; nothing else in the product spells them.

    What the study needs to go on (`texts`, `lists`) is kept by the replica before it is written.
    """

    root: Path
    replica: Replica = field(default=NO_REPLICA, compare=False, repr=False)

    @property
    def name(self) -> str:
        """Return the study's name."""
        return self.root.name

    @property
    def database(self) -> Path:
        """Return the Optuna storage that shows the trials, unless another was asked for."""
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
    def trials(self) -> Path:
        """Return the list of trials that ended, whole, one JSON object a line."""
        return self.root / "trials.jsonl"

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

    @property
    def validation_answers(self) -> Path:
        """Return what the winner's trainings in the race gave to their validation rows."""
        return self.root / "validation_answers.npz"

    @property
    def weights(self) -> Path:
        """Return the folder of the weights that retrainings left."""
        return self.root / "weights"

    def weights_file(self, weights_hash: str) -> Path:
        """Return where the weights of a retraining lie, named by their hash."""
        return self.weights / f"{weights_hash}.npz"

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
    def exports(self) -> Path:
        """Return the folder of what was written for other tools, where they have no place."""
        return self.root / "exports"

    @property
    def log(self) -> Path:
        """Return the log: what happened, each line with its time."""
        return self.root / "log.txt"

    @property
    def workers_log(self) -> Path:
        """Return what the processes that the study starts write, and their tracebacks."""
        return self.root / "workers.txt"

    @property
    def lock(self) -> Path:
        """Return the file that the one coordinator holds locked."""
        return self.root / "lock"

    @property
    def shared_data(self) -> Path:
        """Return the folder through which workers map the training data; gone after a run."""
        return self.root / ".data"

    @property
    def texts(self) -> tuple[Path, ...]:
        """Return the files that are written whole; the plan, without which is no study, last."""
        first = (self.space, self.data, self.lineage, self.summaries)
        answers = (self.validation_answers, self.test_predictions)
        return (*first, *answers, self.confirmation, self.plan)

    @property
    def lists(self) -> tuple[Path, ...]:
        """Return the files to which lines are added."""
        return (self.asked, self.trials, self.ledger, self.retrainings)

    def open_lines(self, path: Path, unwritable: str = "cannot be written") -> JsonLines:
        """Return one of the lists, which the replica keeps too."""
        return JsonLines(path, partial(self.replica.line, path.name), unwritable)

    def write_lines(self, path: Path, lines: Sequence[bytes]) -> None:
        """Write one of the lists, which was not there, whole or not at all; raises FaultError.

        Each line brings its line end.
        """
        if lines:
            self.replica.line(path.name, *lines)
        self.write_bytes(path, b"".join(lines))

    def create(self) -> None:
        """Make the folder; raises FaultError where that cannot be."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _cannot_write(self.root, error) from error

    def exists(self) -> bool:
        """Tell whether a study was begun here; raises FaultError where that cannot be seen."""
        try:
            return self.plan.is_file()
        except OSError as error:
            raise cannot_read(self.root, error) from error

    def read_text(self, path: Path) -> str:
        """Return the text of a file of this directory; raises FaultError."""
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise fault(str(path), f"cannot be read: {error}") from error

    def write_text(self, path: Path, text: str) -> None:
        """Write a file of this directory whole or not at all; raises FaultError."""
        self.write_bytes(path, text.encode())

    def write_bytes(self, path: Path, content: bytes) -> None:
        """Write a file of this directory whole or not at all; raises FaultError."""
        if path in self.texts:
            self.replica.text(path.name, content)
        try:
            write_atomically(path, content)
        except OSError as error:
            raise _cannot_write(path, error) from error

    def append_log(self, text: str) -> None:
        """Add lines to the log; raises FaultError."""
        try:
            with self.log.open("a", encoding="utf-8") as log:
                log.write(text.rstrip("\n") + "\n")
        except OSError as error:
            raise _cannot_write(self.log, error) from error


def cannot_read(path: Path, error: OSError) -> Exception:
    """Return the fault of a path that cannot be read."""
    return fault(str(path), f"cannot be read: {error.strerror or error}")


def _cannot_write(path: Path, error: OSError) -> Exception:
    return fault(str(path), f"cannot be written: {error.strerror or error}")
