"""What others had seen of a study's test images when it was planned."""

from dataclasses import replace

from reports.data_record import DataRecord, DataWarning
from reports.numbers import plural
from reports.opening import Uncounted, uncounted_words
from study.run_dir.elsewhere import openings_elsewhere
from study.run_dir.opening_count import count_of
from study.run_dir.paths import RunDirectory
from study.run_dir.user_ledger import SWITCH

_REASONS: dict[Uncounted, str] = {
    "off": f"${SWITCH} is off, or was",
    "incomplete": "the user's ledger cannot be read to its end, or could not",
}


def with_openings_before(
    data: DataRecord, run: RunDirectory, planned: str, uncounted: Uncounted | None = None
) -> DataRecord:
    """Add warnings about openings by others that are known of, or may not be.

    Those before `planned` (UTC) widen the intervals anyway; but no interval knows that somebody
    chose a search space, or went on, because of what came out. `uncounted` is what the study's
    answer leaves out of the user's ledger; what cannot be read of it now is a warning too. Raises
    FaultError where the folder cannot be read.
    """
    others = openings_elsewhere(run, data.test)
    count = count_of([one for one in lines if one.when < planned] for lines in others.ledgers)
    texts = []
    if count:
        texts.append(
            f"{plural(count, 'opening')} by other studies came before this study was "
            "planned; intervals are widened by their number, but not by what was learnt from them"
        )
    if left_out := uncounted or others.uncounted:
        texts.append(f"{uncounted_words(left_out)}: {_REASONS[left_out]}")
    warnings = (DataWarning("test split", text) for text in texts)
    return replace(data, warnings=(*data.warnings, *warnings))
