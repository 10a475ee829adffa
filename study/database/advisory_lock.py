"""One coordinator a study, wherever it runs: an advisory lock that dies with its connection."""

import hashlib
import os
import platform
import time
from contextlib import closing
from typing import Any

from search_spaces.faults import fault
from study.database.reconnect import LostConnectionError

# How long to wait for the server to notice that the lock's last owner was killed.
GRACE_SECONDS = 1.0
_PAUSE_SECONDS = 0.1

# The server lets the lock of a machine that vanished go after 10 + 3 * 5 s.
_PREPARE = (
    "SET tcp_keepalives_idle = 10",
    "SET tcp_keepalives_interval = 5",
    "SET tcp_keepalives_count = 3",
)
_NAME = "SELECT set_config('application_name', %s, false)"
_TAKE = "SELECT pg_try_advisory_lock(%s), pg_backend_pid()"
HOLDER = """
SELECT held.pid, coalesce(owner.application_name, '')
FROM pg_locks AS held LEFT JOIN pg_stat_activity AS owner ON owner.pid = held.pid
WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 1
  AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND (held.classid::bigint << 32) | held.objid::bigint = %s
"""


def lock_key(study: str) -> int:
    """Return the 64 bits, signed, that stand for a study among its database's advisory locks."""
    digest = hashlib.sha256(f"dense-study {study}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


class StudyLock:
    """Take a study's lock on each connection that is made, the first and what replaces it."""

    def __init__(self, study: str, where: str) -> None:
        self._study, self._where = study, where
        self._key = lock_key(study)
        self._process: int | None = None

    def take(self, connection: Any, _record: object) -> None:
        """Take the lock on a DBAPI connection, or close it.

        Raises FaultError naming who has the lock, LostConnectionError where it is this process's
        own connection that was cut and is not yet missed by the server.
        """
        try:
            with closing(connection.cursor()) as cursor:
                self._take(cursor)
            connection.commit()
        except BaseException:
            connection.close()
            raise

    def _take(self, cursor: Any) -> None:
        for statement in _PREPARE:
            cursor.execute(statement)
        cursor.execute(_NAME, (f"dense-study, {platform.node()[:32]}, pid {os.getpid()}",))
        limit = time.monotonic() + GRACE_SECONDS
        while True:
            cursor.execute(_TAKE, (self._key,))
            taken, process = cursor.fetchone()
            if taken:
                self._process = process
                return
            if time.monotonic() > limit:
                break
            time.sleep(_PAUSE_SECONDS)
        cursor.execute(HOLDER, (self._key,))
        holder, name = cursor.fetchone() or (None, "")
        if holder is not None and holder == self._process:
            raise LostConnectionError("the server still holds the lock for a connection that broke")
        what = f"another coordinator is running study {self._study}"
        raise fault(self._where, what, name, "wait for its end, or stop it")
