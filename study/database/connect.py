"""Open a storage: a file, or PostgreSQL to read it, or as the one coordinator of a study."""

import sqlite3
from dataclasses import dataclass
from typing import Any

import optuna
from optuna.exceptions import StorageInternalError
from optuna.storages import RDBStorage
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from study.database.advisory_lock import StudyLock
from study.database.reconnect import (
    RECONNECT,
    LockedError,
    LostConnectionError,
    Reconnect,
)

# Settings of libpq unless the URL has others, so that a cut network shows within a minute.
_SETTINGS = {
    "connect_timeout": 10,  # seconds
    "keepalives_idle": 10,  # seconds
    "keepalives_interval": 5,  # seconds
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # milliseconds
}
# Unless the URL has another one: how long SQLite itself waits for a lock, seconds. It cannot be
# interrupted then, so that it is short: who waits longer calls it again.
_BUSY_SECONDS = 1.0
# What SQLite answers while another program holds its file; its finer codes have more bits.
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


@dataclass(frozen=True)
class OwnedStorage:
    """A storage whose one connection holds a study's lock, and how a lost one is tried again."""

    storage: RDBStorage
    reconnect: Reconnect


def file_storage(url: str) -> RDBStorage:
    """Open an Optuna storage that is no PostgreSQL; its tables are made if need be.

    Raises LockedError, as everything does that is asked of it, where another program holds an
    SQLite file for longer than a moment.
    """
    try:
        storage = RDBStorage(url, engine_kwargs={"connect_args": _settings(url)})
    except (OperationalError, StorageInternalError) as error:
        cause = error.__cause__ if isinstance(error, StorageInternalError) else error
        raise _locked(getattr(cause, "orig", None)) or error from error
    event.listen(storage.engine, "handle_error", _tell_locked)
    return storage


def reading_engine(url: str) -> Engine:
    """Make an engine that keeps no connection open."""
    return create_engine(url, poolclass=NullPool, connect_args=_settings(url))


def reading_storage(url: str) -> RDBStorage:
    """Open an Optuna storage that keeps no connection open; its tables are made if need be."""
    return RDBStorage(url, engine_kwargs={"poolclass": NullPool, "connect_args": _settings(url)})


def own_storage(url: str, study: str, where: str, reconnect: Reconnect = RECONNECT) -> OwnedStorage:
    """Open an Optuna storage whose one connection holds the study's lock from now on.

    Everything that the coordinator writes goes through that connection: a connection that replaces
    a lost one takes the lock before anything else, so that nothing is ever written without it.
    Raises FaultError where another coordinator has it.
    """
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    # Looking at Optuna's tables takes two connections, and none of them needs the lock.
    reading_storage(url)
    one = {"pool_size": 1, "max_overflow": 0, "pool_pre_ping": True}
    storage = RDBStorage(
        url,
        engine_kwargs={**one, "connect_args": _settings(url)},
        skip_compatibility_check=True,
        skip_table_creation=True,
    )
    storage.engine.dispose()  # the connection that was made just now has no lock
    event.listen(storage.engine, "handle_error", _tell_lost)
    event.listen(storage.engine, "connect", StudyLock(study, where).take)
    with storage.engine.connect():
        pass
    return OwnedStorage(storage, reconnect)


def _tell_lost(context: ExceptionContext) -> None:
    if context.is_pre_ping:
        return  # the pool makes a new connection
    if context.is_disconnect or context.connection is None:
        raise LostConnectionError(str(context.original_exception)) from context.original_exception


def _tell_locked(context: ExceptionContext) -> None:
    error = _locked(context.original_exception)
    if error is not None:
        raise error from context.original_exception


def _locked(error: BaseException | None) -> LockedError | None:
    if not isinstance(error, sqlite3.OperationalError):
        return None
    code = getattr(error, "sqlite_errorcode", 0)  # Python itself raises some without one
    return LockedError(str(error)) if code & 0xFF in _BUSY else None


def _settings(url: str) -> dict[str, Any]:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return {} if "timeout" in parsed.query else {"timeout": _BUSY_SECONDS}
    if parsed.drivername != "postgresql+psycopg":
        return {}
    return {name: value for name, value in _SETTINGS.items() if name not in parsed.query}
