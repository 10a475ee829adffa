"""What others have opened of the same test split: in this folder, by this user, in a database."""

import os
from dataclasses import dataclass

from reports.opening import Opening, TestIdentity, Uncounted
from search_spaces.faults import FaultError
from study.run_dir.folder import ledgers_in
from study.run_dir.ledger import ledger_at
from study.run_dir.noted_opening import by_study
from study.run_dir.paths import RunDirectory
from study.run_dir.user_ledger import user_ledger


@dataclass(frozen=True)
class Elsewhere:
    """The openings of a test split by each ledger that is not the study's own.

    `uncounted` says why the user's own ledger, which may hold more, was not read, or not to its
    end.
    """

    ledgers: tuple[tuple[Opening, ...], ...]
    uncounted: Uncounted | None = None


def openings_elsewhere(run: RunDirectory, test: TestIdentity) -> Elsewhere:
    """Return the openings of these test images that are known of beside the study's own ledger.

    They are those of the ledgers beside this one, then those that are only in the user's own
    ledger, or in the database that keeps the study. Beside this one, a ledger that cannot be read,
    as another user's may be, is passed over; of one whose chain is broken the lines before the
    break count. Raises FaultError where the folder or the database cannot be read.
    """
    own, beside = _in_folder(run)
    user = user_ledger(os.environ).read()
    found = [*beside]
    for lines in (*by_study(user.noted), *by_study(run.replica.openings())):
        known = {line.chain for there in (own, *found) for line in there}
        # Whole, also where a part is known: what follows a planned look is known by the look.
        if not known.issuperset(line.chain for line in lines):
            found.append(lines)
    of_test = (tuple(line for line in lines if line.is_of(test)) for lines in found)
    return Elsewhere(tuple(lines for lines in of_test if lines), user.uncounted)


def _in_folder(run: RunDirectory) -> tuple[tuple[Opening, ...], list[tuple[Opening, ...]]]:
    """Return what the study's own ledger holds, and what each of the others does."""
    root = run.root.resolve()
    path_of_own = RunDirectory(root).ledger
    own: tuple[Opening, ...] = ()
    beside = []
    for _name, path in ledgers_in(root.parent):
        try:
            lines = ledger_at(path).lines()
        except FaultError:
            continue
        if path == path_of_own:
            own = lines
        else:
            beside.append(lines)
    return own, beside
