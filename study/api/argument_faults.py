"""Faults as Python users read them: an option of the command line by its argument's name."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from search_spaces.faults import Fault, FaultError

# An option, and what stands for its value: --test-share, --target COLUMN.
_OPTION = re.compile(r"(?<!\S)--([a-z]+(?:-[a-z]+)*)(?: [A-Z]{3,}\b)?")
# Arguments that have another name than their option.
_OTHERS = {"format": "forms"}
# A text that has a command is about the command line.
_COMMAND = "dense-study "


@contextmanager
def faults_of_arguments() -> Iterator[None]:
    """Name the arguments in the faults of what is done inside, or of a function so decorated.

    What both call raises FaultError in the words of the command line: `--test-share` is the
    argument `test_share`.
    """
    try:
        yield
    except FaultError as error:
        raise FaultError(*map(_as_argument, error.faults)).with_traceback(
            error.__traceback__
        ) from None


def _as_argument(one: Fault) -> Fault:
    return Fault(*(_renamed(text) for text in (one.where, one.what, one.got, one.allowed)))


def _renamed(text: str) -> str:
    if _COMMAND in text:
        return text

    def named(option: re.Match[str]) -> str:
        return _OTHERS.get(option[1], option[1].replace("-", "_"))

    return _OPTION.sub(named, text)
