"""The plan: everything a study was asked, as it stands in plan.toml."""

import tomllib
from dataclasses import asdict, dataclass, fields

import tomli_w
from pydantic import TypeAdapter, ValidationError

from search_spaces.faults import Fault, FaultError, fault
from search_spaces.parameters import Scalar
from study.database.scheme import is_postgres
from study.redact import redact_url
from study.run_directory import RunDirectory


@dataclass(frozen=True)
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
    data: str
    data_fingerprint: str
    space: str
    space_fingerprint: str
    seed: int
    split_seed: int
    share: float
    sampler: str
    pruner: str
    window: int
    trials: int
    timeout_seconds: float
    trial_timeout_seconds: float
    jobs: int
    storage: str
    versions: dict[str, str]
    machine: str
    enqueued: tuple[dict[str, Scalar], ...] = ()
    confirm: bool = True
    confirm_seeds: int = 5
    top: int = 3
    margin: float = 0.0
    ablate: bool = False


# What may differ between two runs of one study, and the words of the rest for a message.
_MAY_DIFFER = frozenset(
    {
        "created",
        "data",
        "space",
        "trials",
        "timeout_seconds",
        "trial_timeout_seconds",
        "jobs",
        "versions",
        "machine",
        "enqueued",
        "confirm",
        "confirm_seeds",
        "top",
        "margin",
        "ablate",
    }
)
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


def kept_storage(run: RunDirectory) -> str:
    """Return the storage that a study's plan names, empty where there is no plan yet."""
    return read_plan(run).storage if run.exists() else ""


def database_url(run: RunDirectory, asked: str | None) -> str | None:
    """Return the URL of the PostgreSQL database that keeps a study, None where files do.

    Raises FaultError where the plan's is meant, and its password was not kept.
    """
    planned = kept_storage(run)
    return planned_storage(run.name, planned, asked) if is_postgres(asked or planned) else None


def planned_storage(name: str, planned: str, asked: str | None) -> str:
    """Return the URL of a study's storage, empty for the run directory's own.

    Raises FaultError where the plan's is meant, and its password was not kept.
    """
    if not asked and "***" in planned:
        what = "the storage's password is not kept in the plan: give --storage again"
        raise fault(f"study {name}", what, planned)
    return asked or planned


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
