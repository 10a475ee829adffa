"""The training data on a worker: read from the coordinator's path, or sent once and kept."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from search_spaces.faults import fault
from study.data.store import stored_fingerprint, unpack_training_data
from study.executors.cluster.handshake import Offer
from study.executors.cluster.messages import Came, Counts


@dataclass
class WorkerData:
    """Find data for one worker; `own` is a folder of its own. `counts` how it came."""

    offer: Offer
    own: Path
    counts: Counts = field(default_factory=Counts)
    _folder: Path | None = field(default=None, repr=False)

    @property
    def folder(self) -> Path:
        """Return the folder that training processes map; only once the data is there."""
        assert self._folder is not None  # noqa: S101 no slot is offered before
        return self._folder

    @property
    def kept(self) -> Path:
        """Return where sent data lies on this worker, named by its fingerprint."""
        return self.own / f"dense-study-data-{self.offer.fingerprint[:16]}"

    def find(self) -> Came | None:
        """Return how the data is here, None where it must be sent.

        Raises FaultError where the coordinator's path leads to other data.
        """
        if stored_fingerprint(self.kept) == self.offer.fingerprint:
            self._folder = self.kept
            return "kept"
        shared = Path(self.offer.folder)
        found = stored_fingerprint(shared)
        if found is None:
            return None
        if found != self.offer.fingerprint:
            what = f"the data at {shared} has fingerprint {found[:16]} here"
            raise fault("data", f"{what} and {self.offer.fingerprint[:16]} at the coordinator")
        self.counts = replace(self.counts, reads=self.counts.reads + 1)
        self._folder = shared
        return "read"

    def receive(self, files: dict[str, bytes]) -> None:
        """Keep what the coordinator sent; raises FaultError where it is other data or no room."""
        self.counts = replace(self.counts, receipts=self.counts.receipts + 1)
        unpack_training_data(self.kept, files)
        found = stored_fingerprint(self.kept)
        if found != self.offer.fingerprint:
            what = f"what was sent has fingerprint {(found or 'none')[:16]} here"
            raise fault("data", f"{what} and {self.offer.fingerprint[:16]} at the coordinator")
        self._folder = self.kept
