"""The plan: everything a study was asked, as it stands in plan.toml."""

import tomllib
from dataclasses import asdict, dataclass, field, fields
from typing import Annotated, Any

import tomli_w

from reports.budget import Planned
from reports.json_values import from_json
from reports.stopped import NEVER
from reports.trial_record import CandidateSource
from reports.value_types import Count, Fraction, Measured, Seconds, Time, Within
from search_spaces.data_source import DataOptions
from search_spaces.faults import Fault, FaultError, cut, fault
from search_spaces.measures import AskedMeasure, MeasureName, scored_by
from search_spaces.parameters import Scalar
from search_spaces.space import Network
from study.run_dir.confirm_options import ConfirmOptions
from study.run_dir.fold_rule import HELP, MOST_FOLDS
from study.run_dir.option import changeable, fixed, option, options_of
from study.run_dir.paths import RunDirectory
from study.run_dir.search_options import Pruner, Sampler
from study.run_dir.stop_when import RULES, StopWhen
from study.run_dir.urls import is_postgres, redact_url, sqlite_url

# A number that is only long is no fault: whatever counts trials takes it.
_MOST_TRIALS = 1e100


_BUDGET = "Wall clock for the whole answer, from start to report: 10m, 2h; instead of --timeout."
_MEASURE = "What is tuned, and what the answer is about."
_TEST_SHARE: Any = option(
    0.0, "Share of the rows to cut off as the test split.  [default: a fifth, if there is none]"
)


def _confirming(name: str) -> Any:
    """Return the field of an option that ConfirmOptions owns; older plans may lack it."""
    own = options_of(ConfirmOptions)[name]
    return option(own.default, own.help, may_change=True)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Hold what a study was asked. Durations are seconds, 0 where there is no limit.

    A trial is scored on each of `folds` in turn, or on one validation split where that is 1.

    `data` is the name or path it was asked with; `storage` is a URL without its secrets, empty for
    the run directory's own. `window` is 0 where suggestions may depend on timing; else trial k is
    suggested and pruned by the trials up to k - window alone. `enqueued` are param dicts to try
    before the sampler's own, or the candidates where these were given and nothing is searched.
    `build` is the SHA-256 of the user's function that builds the network, empty for ours. What
    follows is how the study is confirmed: `confirm_seeds` is 0 for auto, `margin` a fraction (or
    in the unit of another measure); and what was planned out of a budget.
    """

    name: str
    created: Time
    data: str = changeable("digits", "A data set's name (dense-study data lists them), or a file.")
    data_fingerprint: str
    space: str = changeable("four")
    space_fingerprint: str
    seed: int = fixed(0, "The study's seed.")
    split_seed: int
    share: Fraction
    sampler: Sampler = fixed("tpe", "How params are suggested.")
    pruner: Pruner = fixed("median", "Which rule stops trials that fall behind.")
    measure: AskedMeasure = option("accuracy", _MEASURE)  # noqa: RUF009 a field
    window: Count
    trials: Annotated[int, Within(1, _MOST_TRIALS)] = changeable(30, "Trials in all.")
    timeout_seconds: Seconds = changeable(0.0, "Start no trial after this time: 90s, 30m, 2h.")
    budget_seconds: Seconds = option(0.0, _BUDGET, may_change=True)  # noqa: RUF009 a field
    trial_timeout_seconds: Seconds = changeable(0.0, "End a trial that takes longer.")
    stop_when: StopWhen = option(NEVER, RULES, may_change=True)  # noqa: RUF009 a field
    jobs: Count
    storage: str = fixed("", "postgresql://... or another Optuna storage, instead of SQLite.")
    versions: dict[str, str]
    machine: str
    enqueued: tuple[dict[str, Scalar], ...] = ()
    candidates: CandidateSource = "searched"
    folds: Annotated[int, Within(1, MOST_FOLDS)] = option(1, HELP)
    build: str = ""
    target: str = option("", "The column of a table that holds the classes.")
    drop: tuple[str, ...] = option((), "Leave out a column of a table; may be repeated.")
    test_data: str = option("", "A file with the test rows.", may_change=True)
    test_share: Fraction = _TEST_SHARE
    group: str = option("", "Rows with one value of this column stay together in every split.")
    time: str = option("", "The test rows are those with the latest values of this column.")
    weight: str = option("", "This column of a table says how much each row counts.")
    confirm: bool = option(True, "Find the answer on the test split.", may_change=True)
    confirm_seeds: Count = _confirming("seeds")  # noqa: RUF009 a field
    top: Count = _confirming("top")  # noqa: RUF009 a field
    margin: Measured = _confirming("margin")  # noqa: RUF009 a field
    ablate: bool = _confirming("ablate")
    planned: Planned = field(default_factory=Planned)

    @property
    def network(self) -> Network:
        """Return what is trained."""
        return "own" if self.build else "dense"

    @property
    def scored_by(self) -> MeasureName:
        """Return what the study is tuned by: the measure, weighted where its rows are."""
        return scored_by(self.measure, self.weight)

    def data_options(self) -> DataOptions:
        """Return how the data is read."""
        return DataOptions(**{one.name: getattr(self, one.name) for one in fields(DataOptions)})

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
_MAY_DIFFER = {"created", "jobs", "versions", "machine", "enqueued", "planned"} | {
    name for name, own in options_of(Plan).items() if own.may_change
}
_WORDS = {
    "data_fingerprint": "data (SHA-256 of its arrays)",
    "space_fingerprint": "search space (SHA-256)",
    "split_seed": "validation split's seed",
    "share": "validation split's share",
    "candidates": "source of candidates",
    "build": "function that builds the network (SHA-256 of its code)",
    **{name: f"--{name.replace('_', '-')}" for name in ("target", "drop", "test_share")},
    **{name: f"--{name}" for name in ("group", "time", "weight")},
    "measure": "--measure",
    "folds": "--folds",
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
        values = tomllib.loads(run.read_text(run.plan))
    except ValueError as error:  # no TOML, or Python's limit on digits
        raise fault(str(run.plan), f"cannot be read: {cut(str(error), 200)}") from error
    except RecursionError as error:
        raise fault(str(run.plan), "cannot be read: nested too deeply") from error
    return from_json(Plan, values, str(run.plan))


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


def check_is_dense(plan: Plan) -> None:
    """Raise FaultError where a network of its user's own is needed: its function is not kept."""
    if plan.network == "own":
        what = "its networks are built by a function of its user's, which is not kept"
        allowed = "show and report; study.verdict_for with that function goes on with it"
        raise fault(f"study {plan.name}", what, allowed=allowed)


def check_same_plan(old: Plan, new: Plan) -> None:
    """Raise FaultError naming each difference that would make it another study."""
    faults = [
        Fault(
            f"study {old.name}",
            f"was started with another {_WORDS.get(one.name, one.name)}",
            redact_url(str(getattr(new, one.name))),
            f"{redact_url(str(getattr(old, one.name)))}, or a new --name",
        )
        for one in fields(Plan)
        if one.name not in _MAY_DIFFER and getattr(old, one.name) != getattr(new, one.name)
    ]
    if faults:
        raise FaultError(*faults)
