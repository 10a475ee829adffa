"""What a running study and the process that writes it to a tracker say to each other."""

from dataclasses import dataclass

from study.exporters.destination import Target

# The option by which a tracker is asked for, as messages name it.
OPTION = "--log-to"
# Asks for the study as a whole; it is the last line.
END = b"END\n"


@dataclass(frozen=True)
class LiveTask:
    """What to write where; `storage` is the URL of a study's storage, with its password."""

    root: str
    storage: str | None
    target: Target
    place: str | None
