"""The plan: everything a study was asked, as it stands in plan.toml."""

import tomllib
from dataclasses import asdict, dataclass, fields
from functools import partial
from typing import Any

import tomli_w
from pydantic import TypeAdapter, ValidationError

from search_spaces.faults import Fault, FaultError, fault
from search_spaces.parameters import Scalar
from study.run_dir.confirm_options import ConfirmOptions
from study.run_dir.option import option, options_of
from study.run_dir.paths import RunDirectory
from study.run_dir.urls import is_postgres, redact_url, sqlite_url

_fixed = partial(option, required=True)
_changeable = partial(option, required=True, may_change=True)


def _confirming(name: str) -> Any:
    """Return the field of an option that ConfirmOptions owns; older plans may lack it."""
    own = options_of(ConfirmOptions)[name]
    return option(own.default, own.help, may_change=True)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Hold what a study was asked. Durations are seconds, 0 where there is no limit.

    `data` is the name or path it was asked with; `storage` is a URL without its secrets, empty for
    the run directory's own. `window` is 0 where suggestions may depend on timing; else trial k is
    suggested and pruned by the trials up to k - window alone. `enqueued` are param dicts to try
    before the sampler's own. What follows it is how the study is confirmed: `confirm_seeds` is 0
    for auto, `margin` a fraction.
    """

    name: str
    created: str
    data: str = _changeable("digits", "digits, mnist, fashion-mnist, or a file.")
    data_fingerprint: str
    space: str = _changeable("four")
    space_fingerprint: str
    seed: int = _fixed(0, "The study's seed.")
    split_seed: int
    share: float
    sampler: str = _fixed("tpe", "Suggests params.")
    pruner: str = _fixed("median", "Stops trials that fall behind.")
    window: int
    trials: int = _changeable(30, "Trials in all.")
    timeout_seconds: float = _changeable(0.0, "Start no trial after this: 90s, 30m, 2h.")
    trial_timeout_seconds: float = _changeable(0.0, "End a trial that takes longer.")
    jobs: int
    storage: str = _fixed("", "postgresql://... or another Optuna storage, not its own SQLite.")
    versions: dict[str, str]
    machine: str
    enqueued: tuple[dict[str, Scalar], ...] = ()
    confirm: bool = option(True, "Settle the answer on the test split.", may_change=True)
    confirm_seeds: int = _confirming("seeds")
    top: int = _confirming("top")
    margin: float = _confirming("margin")
    ablate: bool = _confirming("ablate")

    def confirm_options(self, storage: str | None) -> ConfirmOptions:
        """Return how far to go in confirming; `storage` is the URL given now, if one was."""
        return ConfirmOptions(
            seeds=self.confirm_seeds or None,
            top=self.top,
            margin=self.margin,
            ablate=self.ablate,
            storage=storage,
        )


# What may differ between two runs of one study, and the words of the rest for a message.
_MAY_DIFFER = {"created", "jobs", "versions", "machine", "enqueued"} | {
    name for name, own in options_of(Plan).items() if own.may_change
}
_WORDS = {
    "data_fingerprint": "data (SHA-256 of its arrays)",
    "space_fingerprint": "search space (SHA-256)",
    "split_seed": "validation split's seed",
    "share": "validation split's share",
    "window": "--deterministic (trials it looks back)",
}


def write_plan(run: RunDirectory, plan: Plan) -> None:
    """Write the plan whole or not at all; raises FaultError where that cannot be."""
    run.write_text(run.plan, tomli_w.dumps(asdict(plan)))


def find_plan(run: RunDirectory) -> Plan | None:
    """Return the plan of a study that was begun, None where there is none yet."""
    return read_plan(run) if run.exists() else None


def read_plan(run: RunDirectory) -> Plan:
    """Read the plan back; raises FaultError with every fault of the file."""
    try:
        values = tomllib.loads(run.plan.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise fault(str(run.plan), f"cannot be read: {error}") from error
    unknown = sorted(set(values) - {field.name for field in fields(Plan)})
    if unknown:
        raise fault(str(run.plan), "unknown keys", ", ".join(unknown))
    try:
        return TypeAdapter(Plan).validate_python(values)
    except ValidationError as error:
        raise FaultError(*_faults(str(run.plan), error)) from error


def _faults(where: str, error: ValidationError) -> list[Fault]:
    return [
        Fault(where, f"{'.'.join(map(str, found['loc']))}: {found['msg']}", repr(found["input"]))
        for found in error.errors()
    ]


def storage_url(run: RunDirectory, plan: Plan | None, asked: str | None) -> str:
    """Return the URL of a study's Optuna storage: as asked, as planned, or the directory's SQLite.

    Raises FaultError where the plan's is meant, and its password was not kept.
    """
    planned = plan.storage if plan else ""
    if not asked and "***" in planned:
        what = "the storage's password is not kept in the plan: give --storage again"
        raise fault(f"study {run.name}", what, planned)
    return asked or planned or sqlite_url(run.database)


def database_url(run: RunDirectory, plan: Plan | None, asked: str | None) -> str | None:
    """Return the URL of the PostgreSQL database that keeps a study, None where files do.

    Raises FaultError as `storage_url` does.
    """
    url = storage_url(run, plan, asked)
    return url if is_postgres(url) else None


def check_same_plan(old: Plan, new: Plan) -> None:
    """Raise FaultError naming each difference that would make it another study."""
    faults = [
        Fault(
            f"study {old.name}",
            f"was begun with another {_WORDS.get(field.name, field.name)}",
            redact_url(str(getattr(new, field.name))),
            f"{redact_url(str(getattr(old, field.name)))}, or a new --name",
        )
        for field in fields(Plan)
        if field.name not in _MAY_DIFFER and getattr(old, field.name) != getattr(new, field.name)
    ]
    if faults:
        raise FaultError(*faults)
