"""A study's files in its storage, so that nothing is lost with the coordinator's machine."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from optuna.study import StudyDirection

from search_spaces.faults import fault
from study.database.connect import OwnedStorage
from study.database.errors import one_message
from study.database.kept_openings import LEDGER, read_openings
from study.database.reconnect import retry
from study.database.tables import (
    find_study,
    kept_lines,
    kept_texts,
    make_tables,
    note_openings,
    put_line,
    put_text,
)
from study.run_dir.noted_opening import NotedOpening

T = TypeVar("T")


class Mirror:
    """Keep what a run directory needs in the two tables; a `Replica` of one study.

    It writes through the connection that holds the study's lock, and waits for a server that
    restarts. All methods raise FaultError where the storage fails.
    """

    def __init__(self, owned: OwnedStorage, study: str, where: str) -> None:
        self._storage, self._reconnect = owned.storage, owned.reconnect
        self._study, self._where = study, where
        self._counts: dict[str, int] = {}
        self._study_id: int | None = None
        with one_message(where), self._storage.engine.begin() as connection:
            make_tables(connection)
            # 0.1.0 made none of these rows, and may be in use beside this version.
            note_openings(connection, LEDGER)

    def texts(self) -> dict[str, bytes]:
        """Return the whole files that are kept, by name; none of a study that is new."""
        with one_message(self._where), self._storage.engine.begin() as connection:
            study_id = find_study(connection, self._study)
            return {} if study_id is None else kept_texts(connection, study_id)

    def lines(self, name: str) -> list[bytes]:
        """Return the lines of a list that are kept, and count on from there."""
        with one_message(self._where), self._storage.engine.begin() as connection:
            study_id = find_study(connection, self._study)
            lines = [] if study_id is None else kept_lines(connection, study_id, name)
        self._counts[name] = len(lines)
        return lines

    def text(self, name: str, content: bytes) -> None:
        """Keep a whole file in place of what was kept of it."""
        with one_message(self._where):
            self._retry(lambda: self._put_text(name, content))

    def line(self, name: str, *lines: bytes) -> None:
        """Keep the next line of a list, or the next lines, all or none; line ends come along."""
        first = self._counts.get(name, 0) + 1
        texts = [line.removesuffix(b"\n") for line in lines]
        with one_message(self._where):
            refused = self._retry(lambda: self._put(name, first, texts))
        if refused is not None:
            what = f"line {refused} of {name} does not follow what is kept"
            raise fault(self._where, f"{what}: it was changed meanwhile")
        self._counts[name] = first + len(lines) - 1

    def openings(self) -> tuple[NotedOpening, ...]:
        """Return the openings of test splits by every study that is kept here, or once was."""
        with one_message(self._where):
            return self._retry(self._openings)

    def _openings(self) -> tuple[NotedOpening, ...]:
        with self._storage.engine.begin() as connection:
            return read_openings(connection, self._where)

    def _retry(self, step: Callable[[], T]) -> T:
        return retry(step, reconnect=self._reconnect, where=self._where)

    def _put_text(self, name: str, content: bytes) -> None:
        study_id = self._found_or_made()
        with self._storage.engine.begin() as connection:
            put_text(connection, study_id, name, content)

    def _put(self, name: str, first: int, lines: Sequence[bytes]) -> int | None:
        """Return the number of the line that could not be put; then none of them was."""
        study_id = self._found_or_made()
        with self._storage.engine.connect() as connection, connection.begin() as transaction:
            for number, line in enumerate(lines, first):
                if not put_line(connection, study_id, name, number, line):
                    transaction.rollback()
                    return number
            if name == LEDGER:
                note_openings(connection, LEDGER, study_id)
        return None

    def _found_or_made(self) -> int:
        # A study comes into being with the first that is kept of it, not by looking at it.
        if self._study_id is None:
            with self._storage.engine.begin() as connection:
                self._study_id = find_study(connection, self._study)
        if self._study_id is None:
            self._study_id = self._storage.create_new_study([StudyDirection.MAXIMIZE], self._study)
        return self._study_id
