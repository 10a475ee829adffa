"""A study's files in its storage, so that nothing is lost with the coordinator's machine."""

from optuna.study import StudyDirection

from search_spaces.faults import fault
from study.database.connect import OwnedStorage
from study.database.errors import one_message
from study.database.reconnect import retry
from study.database.tables import (
    find_study,
    kept_lines,
    kept_texts,
    make_tables,
    put_line,
    put_text,
)


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
            retry(lambda: self._put_text(name, content), reconnect=self._reconnect)

    def line(self, name: str, line: bytes) -> None:
        """Keep the next line of a list; its line end comes along."""
        number = self._counts.get(name, 0) + 1
        with one_message(self._where):
            text = line.removesuffix(b"\n")
            is_there = retry(lambda: self._put_line(name, number, text), reconnect=self._reconnect)
        if not is_there:
            what = f"line {number} of {name} does not follow what is kept: it was changed meanwhile"
            raise fault(self._where, what)
        self._counts[name] = number

    def _put_text(self, name: str, content: bytes) -> None:
        study_id = self._found_or_made()
        with self._storage.engine.begin() as connection:
            put_text(connection, study_id, name, content)

    def _put_line(self, name: str, number: int, line: bytes) -> bool:
        study_id = self._found_or_made()
        with self._storage.engine.begin() as connection:
            return put_line(connection, study_id, name, number, line)

    def _found_or_made(self) -> int:
        # A study comes into being with the first that is kept of it, not by looking at it.
        if self._study_id is None:
            with self._storage.engine.begin() as connection:
                self._study_id = find_study(connection, self._study)
        if self._study_id is None:
            self._study_id = self._storage.create_new_study([StudyDirection.MAXIMIZE], self._study)
        return self._study_id
