"""The openings of test splits by every study of a database, also by those that were deleted."""

from pathlib import Path

from sqlalchemy import Connection

from reports.json_record import opening_from_json
from search_spaces.faults import FaultError
from search_spaces.json_text import read_json
from study.database.tables import noted_openings
from study.run_dir.noted_opening import NotedOpening
from study.run_dir.paths import RunDirectory

# What the list of openings of each study is called.
LEDGER = RunDirectory(Path()).ledger.name


def read_openings(connection: Connection, where: str) -> tuple[NotedOpening, ...]:
    """Return every opening of a database, which is called `where`; damaged lines are left out."""
    found = []
    for study, line in noted_openings(connection, LEDGER):
        place = f"{where}, study {study}"
        try:
            fields = read_json(line, place, any_signs=True)
            if isinstance(fields, dict):
                found.append(NotedOpening(study, where, opening_from_json(fields, place)))
        except FaultError:
            continue
    return tuple(found)
