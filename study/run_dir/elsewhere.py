"""What other studies of the same folder have opened of the same test split."""

from reports.opening import Opening, TestIdentity
from search_spaces.faults import FaultError
from study.run_dir.folder import ledgers_in
from study.run_dir.ledger import ledger_at
from study.run_dir.paths import RunDirectory


def openings_elsewhere(run: RunDirectory, test: TestIdentity) -> tuple[tuple[Opening, ...], ...]:
    """Return the openings of these test images by each ledger beside this one, by its name.

    A ledger that cannot be read, as another user's may be, is passed over; of one whose chain is
    broken the lines before the break count.
    """
    root = run.root.resolve()
    own = RunDirectory(root).ledger
    found = []
    for _name, path in ledgers_in(root.parent):
        if path == own:
            continue
        try:
            lines = ledger_at(path).lines()
        except FaultError:
            continue
        found.append(tuple(line for line in lines if line.is_of(test)))
    return tuple(lines for lines in found if lines)
