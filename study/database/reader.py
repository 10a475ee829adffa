"""What a storage keeps of a study, read without holding it."""

from sqlalchemy import Connection

from study.database.advisory_lock import HOLDER, lock_key
from study.database.connect import reading_engine
from study.database.errors import one_message
from study.database.kept_openings import read_openings
from study.database.tables import find_study, has_tables, kept_lines, kept_texts
from study.database.url import checked_url
from study.run_dir.noted_opening import NotedOpening
from study.run_dir.paths import RunDirectory
from study.run_dir.urls import redact_url

_SIZES = """
SELECT (SELECT count(*) FROM trials WHERE trials.study_id = one.study_id),
       (SELECT count(*) FROM dense_study_lines AS line WHERE line.study_id = one.study_id),
       (SELECT count(*) FROM dense_study_texts AS file WHERE file.study_id = one.study_id)
FROM (SELECT max(study_id) AS study_id FROM studies WHERE study_name = %(study)s) AS one
"""


def is_kept(url: str, study: str) -> bool:
    """Tell whether a PostgreSQL storage keeps a study's files; raises FaultError."""
    with one_message(redact_url(url)), reading_engine(checked_url(url)).begin() as connection:
        return bool(_texts(connection, study))


def write_copy(url: str, copy: RunDirectory) -> bool:
    """Write what a storage keeps of a study into a folder of its own; raises FaultError.

    Returns False, and writes nothing, where the storage keeps nothing of it.
    """
    engine = reading_engine(checked_url(url)).execution_options(isolation_level="REPEATABLE READ")
    with one_message(redact_url(url)), engine.begin() as connection:
        texts = _texts(connection, copy.name)
        study_id = find_study(connection, copy.name) if texts else None
        if study_id is None:
            return False
        lists = {path: kept_lines(connection, study_id, path.name) for path in copy.lists}
    for path, lines in lists.items():
        if lines:
            copy.write_bytes(path, b"".join(line + b"\n" for line in lines))
    for path in copy.texts:
        if path.name in texts:
            copy.write_bytes(path, texts[path.name])
    return True


def openings_of(url: str) -> tuple[NotedOpening, ...]:
    """Return the openings of test splits by every study of a storage; raises FaultError."""
    where = redact_url(url)
    with one_message(where), reading_engine(checked_url(url)).begin() as connection:
        return read_openings(connection, where) if has_tables(connection) else ()


def sizes(url: str, study: str) -> tuple[int, ...] | None:
    """Return how much a storage holds of a study that a coordinator is running, wherever it runs.

    The numbers are good for seeing a change. Returns None where nobody runs the study; raises
    FaultError.
    """
    with one_message(redact_url(url)), reading_engine(checked_url(url)).connect() as connection:
        held = connection.exec_driver_sql(HOLDER, (lock_key(study),))
        if held.fetchone() is None:
            return None
        return tuple(connection.exec_driver_sql(_SIZES, {"study": study}).one())


def _texts(connection: Connection, study: str) -> dict[str, bytes]:
    if not has_tables(connection):
        return {}
    study_id = find_study(connection, study)
    return {} if study_id is None else kept_texts(connection, study_id)
