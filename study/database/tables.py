"""Small tables beside Optuna's: what run directories hold, and every opening of a test split."""

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    inspect,
    literal,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import insert

from study.database.advisory_lock import lock_key

_METADATA = MetaData()
# Optuna's own, as much of it as is needed: a study deleted there takes its rows here along.
_STUDIES = Table(
    "studies",
    _METADATA,
    Column("study_id", Integer, primary_key=True),
    Column("study_name", String(512)),
)


def _study_column() -> Column[int]:
    key = ForeignKey("studies.study_id", ondelete="CASCADE")
    return Column("study_id", Integer, key, primary_key=True)


TEXTS = Table(
    "dense_study_texts",
    _METADATA,
    _study_column(),
    Column("name", String(80), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
LINES = Table(
    "dense_study_lines",
    _METADATA,
    _study_column(),
    Column("name", String(80), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("line", Text, nullable=False),
)
# Without a study's key: what was opened counts for others when the study is no longer there.
OPENINGS = Table(
    "dense_study_openings",
    _METADATA,
    Column("number", BigInteger, Identity()),
    Column("study_name", String(512), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("line", Text, nullable=False),
)


def make_tables(connection: Connection) -> None:
    """Make the tables where they are not there; of several who do so at once, one.

    A database of 0.1.0 has the first two.
    """
    there = inspect(connection)
    if all(there.has_table(one.name) for one in (LINES, OPENINGS)):
        return
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": lock_key(" tables ")})
    _METADATA.create_all(connection, tables=[TEXTS, LINES, OPENINGS])


def has_tables(connection: Connection) -> bool:
    """Tell whether any study of this database was ever mirrored."""
    return inspect(connection).has_table(LINES.name)


def find_study(connection: Connection, study: str) -> int | None:
    """Return Optuna's id of a study, None where the storage does not hold it."""
    found = select(_STUDIES.c.study_id).where(_STUDIES.c.study_name == study)
    return connection.execute(found).scalar()


def kept_texts(connection: Connection, study_id: int) -> dict[str, bytes]:
    """Return the whole files of a study by name."""
    rows = connection.execute(
        select(TEXTS.c.name, TEXTS.c.content).where(TEXTS.c.study_id == study_id)
    )
    return {name: bytes(content) for name, content in rows}


def kept_lines(connection: Connection, study_id: int, name: str) -> list[bytes]:
    """Return the lines of a list in their order, without line ends."""
    wanted = (LINES.c.study_id == study_id) & (LINES.c.name == name)
    rows = connection.execute(select(LINES.c.line).where(wanted).order_by(LINES.c.number))
    return [line.encode() for (line,) in rows]


def put_text(connection: Connection, study_id: int, name: str, content: bytes) -> None:
    """Keep a whole file in place of what was kept of it."""
    row = insert(TEXTS).values(study_id=study_id, name=name, content=content)
    connection.execute(
        row.on_conflict_do_update(
            index_elements=["study_id", "name"], set_={"content": row.excluded.content}
        )
    )


def put_line(connection: Connection, study_id: int, name: str, number: int, line: bytes) -> bool:
    """Keep a line after the one before it; return whether this line stands there now.

    It does not where another does, or where the line before it is missing.
    """
    own = (LINES.c.study_id == study_id) & (LINES.c.name == name)
    before = select(LINES.c.number).where(own, LINES.c.number == number - 1).exists()
    values = [literal(one) for one in (study_id, name, number, line.decode())]
    row = insert(LINES).from_select(
        list(LINES.c), select(*values).where(before if number > 1 else true())
    )
    if connection.execute(row.on_conflict_do_nothing()).rowcount == 1:
        return True
    there = select(LINES.c.line).where(own, LINES.c.number == number)
    return connection.execute(there).scalar() == line.decode()


def note_openings(connection: Connection, ledger: str, study_id: int | None = None) -> None:
    """Note each line of a study's list of this name among the openings, once; without id of all."""
    connection.execute(text(_NOTE), {"ledger": ledger, "study_id": study_id})


def noted_openings(connection: Connection, ledger: str) -> list[tuple[str, bytes]]:
    """Return the line of every opening that was noted, with its study's name, oldest first.

    Where there is no such table, or it may not be read, these are the lines of the studies that
    are kept.
    """
    noted = select(OPENINGS.c.study_name, OPENINGS.c.line).order_by(OPENINGS.c.number)
    if not connection.execute(text(_MAY_READ), {"table": OPENINGS.name}).scalar():
        both = LINES.join(_STUDIES, _STUDIES.c.study_id == LINES.c.study_id)
        of_ledgers = select(_STUDIES.c.study_name, LINES.c.line).select_from(both)
        noted = of_ledgers.where(LINES.c.name == ledger).order_by(LINES.c.study_id, LINES.c.number)
    return [(study, line.encode()) for study, line in connection.execute(noted)]


_NOTE = """
INSERT INTO dense_study_openings (study_name, digest, line)
SELECT one.study_name, encode(sha256(convert_to(kept.line, 'UTF8')), 'hex'), kept.line
FROM dense_study_lines AS kept JOIN studies AS one ON one.study_id = kept.study_id
WHERE kept.name = :ledger AND kept.study_id = coalesce(CAST(:study_id AS integer), kept.study_id)
ORDER BY kept.study_id, kept.number
ON CONFLICT DO NOTHING
"""
_MAY_READ = "SELECT has_table_privilege(to_regclass(:table)::oid, 'SELECT')"
