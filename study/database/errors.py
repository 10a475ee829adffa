"""Errors of Optuna, SQLAlchemy and drivers as one clear message."""

from collections.abc import Iterator
from contextlib import contextmanager
from traceback import walk_tb

import optuna
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from search_spaces.faults import cut, fault
from study.database.reconnect import LockedError, LostConnectionError
from study.run_dir.urls import redact_url

# What SQLAlchemy and Optuna raise over a database's values that are not what they wrote.
_DAMAGE = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RuntimeError,
    optuna.exceptions.OptunaError,
)
_LONGEST = 400
_OURS = ("study", "reports", "search_spaces")


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
    except _DAMAGE as error:
        if _is_ours(error):
            raise
        what = f"what it holds is damaged: {type(error).__name__}: {_one_line(error)}"
        raise fault(where, what.removesuffix(": ")) from error


def _is_ours(error: Exception) -> bool:
    """Tell whether our own code raised an error: that is no database's fault."""
    frames = [frame for frame, _ in walk_tb(error.__traceback__)]
    return str(frames[-1].f_globals.get("__name__")).partition(".")[0] in _OURS


def _one_line(error: object) -> str:
    return " ".join(cut(redact_url(str(error)), _LONGEST).split())
