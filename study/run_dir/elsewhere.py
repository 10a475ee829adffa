"""What other studies of the same folder have opened of the same test split."""

from reports.opening import Opening, TestIdentity
from search_spaces.faults import FaultError
from study.run_dir.ledger import ledger_at
from study.run_dir.paths import RunDirectory, folders_beside


def openings_elsewhere(run: RunDirectory, test: TestIdentity) -> tuple[tuple[Opening, ...], ...]:
    """Return the openings of these test images by each folder beside this one, by its name.

    A ledger that cannot be read, as another user's may be, is passed over; of one whose chain is
    broken the lines before the break count.
    """
    found = []
    for other in folders_beside(run):
        try:
            lines = ledger_at(other.ledger).lines()
        except FaultError:
            continue
        found.append(tuple(line for line in lines if line.is_of(test)))
    return tuple(lines for lines in found if lines)
