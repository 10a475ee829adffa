"""Confirm a study: is its best config better than the baseline on the sealed test split?"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from reports.record import Confirmation
from study.confirmation.conclude import confirm
from study.confirmation.requirements import check_test_size
from study.data.load import load_data
from study.executors.choose import THIS_MACHINE, Place
from study.progress.logged import written_down
from study.progress.shown import Shown
from study.progress.steps import CONFIRMATION, Stage
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import check_is_dense, find_plan, read_plan
from study.workflows.workers import opened_workplace


@dataclass(frozen=True)
class Where:
    """Where a study is confirmed: its data (None: as planned), the number of workers, the place.

    `storage` is the study's Optuna URL where the plan's own lost its password.
    """

    data: str | None
    jobs: int | None
    place: Place = THIS_MACHINE
    storage: str | None = None


def confirm_study(
    run: RunDirectory, where: Where, asked: Mapping[str, Any], shown: Shown
) -> Confirmation:
    """Start workers, confirm, and end them; raises FaultError, KeyboardInterrupt.

    `asked` are options of the plan by name, in place of the study's own.
    """
    known = find_plan(run)
    shown.steps.plan(_stages(asked.get("ablate", known is not None and known.ablate)))
    shown.steps.stage("start")
    with (
        opened_workplace(
            run, where.place, where.jobs, shown.say, where.storage, may_begin=True
        ) as workplace,
        written_down(shown, workplace.run, "the confirmation") as followed,
    ):
        plan = workplace.plan or read_plan(run)
        check_is_dense(plan)
        loaded = load_data(where.data or plan.data, os.environ, followed.say, plan.data_options())
        check_test_size(loaded)
        workplace.open_data(loaded.training)
        options = replace(plan, **asked).confirm_options(where.storage)
        followed.steps.plan(_stages(options.ablate))
        return confirm(
            workplace.run,
            plan,
            loaded,
            workplace.executor,
            options,
            followed,
            workplace.interrupts,
            workplace.open_ask,
        )


def _stages(ablate: bool) -> tuple[Stage, ...]:
    return ("start", *CONFIRMATION, *(("ablation",) if ablate else ()))
