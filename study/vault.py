"""The one way into the sealed test split: an opening is on record before anything is read."""

import os
from collections.abc import Sequence
from typing import Literal

from reports.opening import Purpose
from search_spaces.faults import fault
from study.data.sealed import SealedTest
from study.data.values import Examples
from study.run_dir.ledger import Ledger
from study.run_dir.user_ledger import user_ledger


def open_test(
    sealed: SealedTest,
    ledger: Ledger,
    purpose: Purpose,
    weights: Sequence[str],
    when: str,
    *,
    may_continue: bool = False,
) -> Examples:
    """Write the opening to the ledger, then to the user's own; read and return the test split.

    `purpose` is what the test images are for, `weights` are the SHA-256 hashes of all weights that
    will be evaluated on them, `when` is UTC in ISO 8601. An opening of the same weights that is on
    record already is continued with `may_continue`: for a caller who keeps every answer, and so was
    interrupted before there was one. Raises FaultError where the ledger cannot be written, no
    weights are named, or the data is no longer what was loaded; an opening that failed to read
    stays on record. The user's ledger stops nothing: where it cannot be written, that is a warning.
    """
    if not weights:
        raise fault("test split", "an opening needs the weights it is for")
    test, user = sealed.identity, user_ledger(os.environ)
    user.check_other(ledger.path)
    if not (may_continue and ledger.has(weights, test.whole)):
        off: Literal["off"] | None = "off" if user.is_off else None
        ledger.append(when, purpose, tuple(weights), test.whole, test.split, off)
    user.note(ledger)
    return sealed._read()  # noqa: SLF001 this is the way in
