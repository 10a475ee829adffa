"""A study owned by its one coordinator: run directory and PostgreSQL storage, made equal."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from study.database.connect import OwnedStorage, own_storage
from study.database.errors import one_message
from study.database.mirror import Mirror
from study.database.reconcile import reconcile
from study.database.reconnect import RECONNECT, Reconnect
from study.database.url import checked_url
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import Plan, database_url, find_plan, write_plan
from study.run_dir.urls import is_postgres, redact_url


@dataclass(frozen=True)
class OwnedStudy:
    """The run directory with its replica, the plan as the storage has it, and that storage.

    `storage` is None where the run directory's own lock is enough.
    """

    run: RunDirectory
    plan: Plan | None
    storage: OwnedStorage | None = None


@contextmanager
def owned_study(
    run: RunDirectory, plan: Plan | None, asked_url: str | None, reconnect: Reconnect = RECONNECT
) -> Iterator[OwnedStudy]:
    """Own a study in its PostgreSQL storage, if that is where it is; else there is nothing to do.

    The run directory, which is locked, is brought up to what the storage keeps: an empty one is
    written anew. `plan` is what it holds now. Raises FaultError where another coordinator owns the
    study, wherever it runs, or run directory and storage do not fit together.
    """
    url = database_url(run, plan, asked_url)
    if url is None:
        yield OwnedStudy(run, plan)
        return
    where = redact_url(url)
    with one_message(where):
        owned = own_storage(checked_url(url), run.name, where, reconnect)
    try:
        mirror = Mirror(owned, run.name, where)
        plan = _join(run, plan, mirror, where)
        yield OwnedStudy(replace(run, replica=mirror), plan, owned)
    finally:
        owned.storage.remove_session()
        owned.storage.engine.dispose()


def _join(run: RunDirectory, plan: Plan | None, mirror: Mirror, where: str) -> Plan | None:
    if run.plan.name not in mirror.texts() and plan is not None and plan.storage != where:
        return plan  # another storage than the study's: the plan's own check says so
    reconcile(run, mirror)
    plan = find_plan(run)
    if plan is not None and plan.storage != where and is_postgres(plan.storage):
        # The same storage under another user, or seen from another machine.
        plan = replace(plan, storage=where)
        write_plan(replace(run, replica=mirror), plan)
    return plan
