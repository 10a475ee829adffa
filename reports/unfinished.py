"""Whether a study was interrupted, and what continues it."""

from reports.command_lines import quoted
from reports.numbers import plural
from reports.record import StudyRecord
from reports.trials import counted, has_ended


def going_on(record: StudyRecord) -> str:
    """Return the command that continues a study that was interrupted.

    One of a user's own networks is continued by the call that has the function.
    """
    if record.space.network == "own":
        return f"study.verdict_for(candidates, build=build, name={record.name!r}), the same call"
    confirming = record.confirming
    is_searched = not any(trial.state == "interrupted" for trial in counted(record))
    by_itself = is_searched and confirming is not None and not confirming.planned
    return f"dense-study {'confirm' if by_itself else 'resume'} {quoted(record.name)}"


def interrupted_words(record: StudyRecord) -> str:
    """Say where a study was interrupted that no process runs; "" where it was not."""
    trials = counted(record)
    if any(trial.state == "interrupted" for trial in trials):
        ended = sum(has_ended(trial) for trial in trials)
        return f"Interrupted after {ended:,} of {plural(record.trials_asked, 'trial')}."
    if record.confirming is not None and not record.running:
        done = plural(record.confirming.done, "training")
        return f"Interrupted in its confirmation, after {done}."
    return ""
