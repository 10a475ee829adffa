"""The user's own ledger: every opening of a test split by this user's commands, in any folder."""

import logging
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from reports.json_record import opening_from_json
from reports.json_values import from_json
from reports.opening import Opening, Uncounted
from reports.value_types import Named
from search_spaces.faults import Fault, FaultError, fault
from study.run_dir.chained_lines import Followed, follow, next_lines
from study.run_dir.folder import study_of
from study.run_dir.json_lines import JsonLines
from study.run_dir.ledger import Ledger
from study.run_dir.noted_opening import NotedOpening

SWITCH = "DENSE_STUDY_USER_LEDGER"
_UNWRITABLE = "the user's ledger cannot be written"
# A warning goes to standard error, also past a live display.
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class UserOpenings:
    """What a user's ledger holds up to its first fault, and why that may not be all."""

    noted: tuple[NotedOpening, ...] = ()
    uncounted: Uncounted | None = None
    faults: tuple[Fault, ...] = ()


class UserLedger:
    """One file for all studies of a user, chained as each study's own ledger is.

    A study does not depend on it: what cannot be noted is one warning. `path` is None where the
    user has no home folder.
    """

    def __init__(self, path: Path | None, *, is_off: bool = False) -> None:
        self.path, self.is_off = path, is_off

    def check_other(self, path: Path) -> None:
        """Raise FaultError where a ledger that something else is to be noted in is this one."""
        if self.path is not None and os.path.realpath(path) == os.path.realpath(self.path):
            what = "is the user's ledger, which has every opening anyway"
            raise fault(str(path), what, allowed="another file")

    def note(self, own: Ledger) -> None:
        """Add every opening of a study's ledger that is not there yet, in one step.

        Left out are those that were made while it was off. Warns once where it cannot be written.
        """
        if self.is_off:
            return
        try:
            self._note(own)
        except FaultError as error:
            what = "this opening of the test split will not count for studies in other folders"
            _warn_once(f"{what}: {error}")

    def read(self) -> UserOpenings:
        """Return the openings that it holds; of a damaged one those before the damage."""
        if self.is_off:
            return UserOpenings(uncounted="off")
        try:
            found = _follow(self._file().read()[0], str(self.path))
        except FaultError as error:
            return UserOpenings((), "incomplete", error.faults)
        return UserOpenings(found.values, "incomplete" if found.faults else None, found.faults)

    def _note(self, own: Ledger) -> None:
        lines = [line for line in own.whole().lines if line.user_ledger != "off"]
        path = Path(os.path.realpath(own.path))

        def missing(whole: bytes, torn: bytes) -> bytes:
            found = _follow(whole, str(self.path))
            there = {one.opening.chain for one in found.values}
            rows = [_fields(path, line) for line in lines if line.chain not in there]
            return next_lines(rows, found, torn)

        file = self._file()
        try:
            file.path.parent.parent.mkdir(parents=True, exist_ok=True)
            file.path.parent.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            what = f"{_UNWRITABLE}: {error.strerror or error}"
            raise fault(str(file.path), what) from error
        file.append_after(missing)

    def _file(self) -> JsonLines:
        if self.path is None:
            raise fault("$XDG_STATE_HOME", "not set, and this user has no home folder")
        return JsonLines(self.path, unwritable=_UNWRITABLE)


def user_ledger(environ: Mapping[str, str]) -> UserLedger:
    """Return the ledger of whom the environment belongs to, in $XDG_STATE_HOME/dense-study.

    Raises FaultError where DENSE_STUDY_USER_LEDGER is neither on nor off.
    """
    switch = environ.get(SWITCH) or "on"
    if switch not in {"on", "off"}:
        raise fault(f"${SWITCH}", "wrong value", repr(switch), "on, off")
    state = _state_folder(environ)
    path = None if state is None else state / "dense-study" / "ledger.jsonl"
    return UserLedger(path, is_off=switch == "off")


def _state_folder(environ: Mapping[str, str]) -> Path | None:
    given = Path(environ.get("XDG_STATE_HOME", ""))
    # The XDG specification has a relative path ignored.
    if given.is_absolute():
        return given
    try:
        home = Path(environ["HOME"]) if environ.get("HOME") else Path.home()
    except RuntimeError:  # a user that the system does not know, as in a container
        return None
    return home / ".local" / "state"


@dataclass(frozen=True)
class _Origin:
    study: Named
    runs_dir: Named
    ledger_chain: str


@lru_cache(maxsize=1)  # a list of studies asks for the same content once a study
def _follow(content: bytes, where: str) -> Followed[NotedOpening]:
    return follow(content, where, _noted)


def _noted(line: dict[str, Any], where: str) -> NotedOpening:
    own = {one.name: line[one.name] for one in fields(_Origin) if one.name in line}
    origin = from_json(_Origin, own, where)
    opening = replace(opening_from_json(line, where), chain=origin.ledger_chain)
    return NotedOpening(origin.study, origin.runs_dir, opening)


def _fields(path: Path, line: Opening) -> dict[str, object]:
    """Return the fields of an opening's line; those that an old opening lacks are left out."""
    named = {name: value for name, value in asdict(line).items() if value is not None}
    study, folder = study_of(path)
    origin = _Origin(study, str(folder), named.pop("chain"))
    return {**named, **asdict(origin)}


@cache
def _warn_once(text: str) -> None:
    _LOG.warning(text)
