"""How a study is confirmed: by a command, or by the program that has the function it needs."""

from reports.record import StudyRecord


def confirm_command(record: StudyRecord, *, ablate: bool = False) -> str:
    """Return the command, or the call in Python where a user's own function builds the networks."""
    if record.space.network == "own":
        return f"study.verdict_for(..., name={record.name!r}{', ablate=True' * ablate})"
    return f"dense-study confirm {record.name}{' --ablate' * ablate}"
