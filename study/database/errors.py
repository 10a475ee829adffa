"""Errors of Optuna, SQLAlchemy and drivers as one clear message."""

from collections.abc import Iterator
from contextlib import contextmanager

import optuna
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from search_spaces.faults import fault
from study.database.reconnect import LockedError, LostConnectionError
from study.run_dir.urls import redact_url


@contextmanager
def one_message(where: str) -> Iterator[None]:
    """Turn what a storage raises into a FaultError of one line, without any password."""
    # A full disk shows as an AssertionError of Optuna's, a lost server as SQLAlchemy's own errors.
    try:
        yield
    except (optuna.exceptions.StorageInternalError, SQLAlchemyError, AssertionError) as error:
        cause = error.__cause__ or error
        kind = "not a storage URL" if isinstance(error, ArgumentError) else "the storage failed"
        what = _one_line(getattr(cause, "orig", None) or cause)
        raise fault(where, f"{kind}: {what}") from error
    except (OSError, ImportError, LostConnectionError) as error:
        raise fault(where, f"the storage failed: {_one_line(error)}") from error
    except LockedError as error:
        what = f"another program has it locked, and did not let go: {_one_line(error)}"
        raise fault(where, what, allowed="try again when that program has ended") from error


def _one_line(error: object) -> str:
    return " ".join(redact_url(str(error)).split())
