"""A study held by its one coordinator: the run directory, and the PostgreSQL storage if any."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from study.database.connect import Owned, own_storage
from study.database.messages import one_message
from study.database.mirror import Mirror
from study.database.patience import PATIENCE, Patience
from study.database.reconcile import reconcile
from study.database.scheme import is_postgres
from study.database.url import checked_url
from study.plan import database_url, read_plan, write_plan
from study.redact import redact_url
from study.run_directory import RunDirectory


@dataclass(frozen=True)
class Held:
    """What to work with; `owned` is None where the run directory's own lock is enough."""

    run: RunDirectory
    owned: Owned | None = None


@contextmanager
def held(run: RunDirectory, asked_url: str | None, patience: Patience = PATIENCE) -> Iterator[Held]:
    """Hold a study in its PostgreSQL storage, if that is where it is; else there is nothing to do.

    The run directory, which is locked, is brought up to what the storage keeps: an empty one is
    written anew. Raises FaultError where another coordinator holds the study, wherever it runs, or
    run directory and storage do not fit together.
    """
    url = database_url(run, asked_url)
    if url is None:
        yield Held(run)
        return
    where = redact_url(url)
    with one_message(where):
        owned = own_storage(checked_url(url), run.name, where, patience)
    try:
        mirror = Mirror(owned, run.name, where)
        _join(run, mirror, where)
        yield Held(replace(run, keeper=mirror), owned)
    finally:
        owned.storage.remove_session()
        owned.storage.engine.dispose()


def _join(run: RunDirectory, mirror: Mirror, where: str) -> None:
    kept = mirror.texts()
    if run.plan.name not in kept and run.exists() and read_plan(run).storage != where:
        return  # another storage than the study's: the plan's own check tells so
    reconcile(run, mirror)
    if run.exists():
        plan = read_plan(run)
        if plan.storage != where and is_postgres(plan.storage):
            # The same storage under another user, or seen from another machine.
            write_plan(replace(run, keeper=mirror), replace(plan, storage=where))
