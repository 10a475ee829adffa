"""The data of a study as commands name it."""

from reports.command_lines import quoted
from reports.record import StudyRecord

# What `--data` knows by name, also where it was read from a file.
_NAMED = ("digits", "mnist", "fashion-mnist")


def data_file(record: StudyRecord) -> str:
    """Return what `--data` takes: a known name, or a file's name without its folder."""
    name = record.data.name
    if name in _NAMED:
        return name
    return record.data_file or f"{name}.npz"


def data_flags(record: StudyRecord) -> str:
    """Return `--data` with all that says how the data is read, for a command line."""
    flags = [("--data", data_file(record))]
    for name, value in record.read_as.given().items():
        flag = f"--{name.replace('_', '-')}"
        flags += [(flag, str(one)) for one in (value if isinstance(value, tuple) else (value,))]
    return " ".join(f"{flag} {quoted(value)}" for flag, value in flags)
