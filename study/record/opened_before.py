"""What others had seen of a study's test images when it was planned."""

from dataclasses import replace

from reports.numbers import plural
from reports.record import DataRecord, DataWarning
from study.run_dir.elsewhere import openings_elsewhere
from study.run_dir.opening_count import count_of
from study.run_dir.paths import RunDirectory


def with_openings_before(data: DataRecord, run: RunDirectory, planned: str) -> DataRecord:
    """Add a warning where other ledgers of the folder hold openings before `planned` (UTC).

    They widen the intervals anyway; but no interval knows that somebody chose a search space, or
    went on, because of what came out. Raises FaultError where the folder cannot be read.
    """
    others = openings_elsewhere(run, data.test)
    count = count_of([one for one in lines if one.when < planned] for lines in others)
    if not count:
        return data
    text = (
        f"{plural(count, 'opening')} by other studies came before this study was "
        "planned; intervals are widened by their number, but not by what was learnt from them"
    )
    return replace(data, warnings=(*data.warnings, DataWarning("test split", text)))
