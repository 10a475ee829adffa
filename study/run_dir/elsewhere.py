"""What other studies of the same folder have opened of the same data's test split."""

from reports.opening import Opening
from search_spaces.faults import FaultError
from study.run_dir.ledger import ledger_at
from study.run_dir.paths import RunDirectory, folders_beside


def openings_elsewhere(run: RunDirectory, fingerprint: str) -> tuple[tuple[Opening, ...], ...]:
    """Return the openings of this data by each folder beside the run directory, by folder name.

    A ledger that cannot be read, as another user's may be, is passed over; of one whose chain is
    broken the lines before the break count.
    """
    found = []
    for other in folders_beside(run):
        try:
            lines = ledger_at(other.ledger).lines()
        except FaultError:
            continue
        found.append(tuple(line for line in lines if line.fingerprint == fingerprint))
    return tuple(lines for lines in found if lines)
