"""The plan is kept as TOML, and a study that would be another one is refused by name."""

from dataclasses import fields, replace
from pathlib import Path

import pytest

from search_spaces.faults import FaultError
from search_spaces.read import load_space
from study.executors.gpus import Gpu
from study.machine import machine
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import Plan, check_same_plan, read_plan, write_plan
from study.run_dir.urls import redact_url
from study.workflows.plans import first_plan, next_plan
from study.workflows.request import Request


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    return RunDirectory(tmp_path / "s")


@pytest.fixture
def plan() -> Plan:
    request = Request({"seed": 7, "trials": 12}, jobs=2, storage="postgresql://me:secret@host/db")
    return first_plan(request, "s", load_space("four"), "f" * 64)


def test_a_plan_comes_back_as_it_was_written(run, plan):
    enqueued = ({"width": 64, "dropout": 0.5, "optimizer": "adam", "nesterov": True},)
    plan = replace(plan, enqueued=enqueued)
    write_plan(run, plan)
    assert read_plan(run) == plan
    assert type(read_plan(run).enqueued[0]["nesterov"]) is bool


def test_no_password_reaches_the_plan(run, plan):
    write_plan(run, plan)
    assert "secret" not in run.plan.read_text()
    assert plan.storage == "postgresql://me:***@host/db"


def test_every_fault_of_a_damaged_plan_is_reported(run, plan):
    write_plan(run, plan)
    text = run.plan.read_text().replace("seed = 7", 'seed = "x"').replace("jobs = 2", "")
    run.plan.write_text(text)
    with pytest.raises(FaultError) as caught:
        read_plan(run)
    keys = ", ".join(field.name for field in fields(Plan))
    assert [str(one) for one in caught.value.faults] == [
        f"{run.plan}: missing: jobs; allowed: {keys}",
        f"{run.plan}: seed: wrong value; got 'x'; allowed: a whole number",
    ]


def test_a_study_that_differs_is_refused_with_each_difference(plan):
    change = {"seed": 8, "sampler": "random", "measure": "log_loss"}
    other = replace(plan, **change, data_fingerprint="e" * 64)
    with pytest.raises(FaultError) as caught:
        check_same_plan(plan, other)
    data, name = (
        "was started with another data (SHA-256 of its arrays)",
        "accuracy, or a new --name",
    )
    assert str(caught.value) == "\n".join(
        [
            f"study s: {data}; got {'e' * 64}; allowed: {'f' * 64}, or a new --name",
            "study s: was started with another seed; got 8; allowed: 7, or a new --name",
            "study s: was started with another sampler; got random; allowed: tpe, or a new --name",
            f"study s: was started with another --measure; got log_loss; allowed: {name}",
        ]
    )


def test_what_is_not_given_stays_as_it_was_and_totals_and_jobs_may_change(plan):
    space = load_space("four")
    later = next_plan(Request({"trials": 50, "top": 9}, jobs=4), plan, space, "f" * 64)
    assert (later.trials, later.jobs, later.top) == (50, 4, 9)
    assert replace(later, trials=12, jobs=2, top=3) == plan


def test_a_total_asked_for_alone_gives_up_the_rule_that_may_end_the_search_before():
    space = load_space("four")
    plan = first_plan(Request({"stop_when": "done"}), "s", space, "f" * 64)

    def later(**given):
        return next_plan(Request(given), plan, space, "f" * 64).stop_when

    assert later() == "done"
    assert later(trials=60) == "never"
    assert later(trials=60, stop_when="no-progress:9") == "no-progress:9"
    assert later(stop_when="never") == "never"


def test_what_a_program_asks_is_held_to_the_plan_s_types_before_it_is_kept():
    given = {"sampler": "luck", "trials": 0, "stop_when": "soon"}
    with pytest.raises(FaultError) as caught:
        first_plan(Request(given), "s", load_space("four"), "f" * 64)
    rules = "no-progress:N (no better trial for N trials), done, never"
    assert [str(one) for one in caught.value.faults] == [
        "study s: sampler: wrong value; got 'luck'; allowed: tpe, random, nsga2, grid, qmc",
        "study s: trials: wrong value; got 0; allowed: a number from 1 to 1e+100",
        f"study s: stop_when: wrong value; got 'soon'; allowed: {rules}",
    ]


def test_the_window_of_a_deterministic_study_does_not_change_with_its_jobs():
    space = load_space("four")
    plan = first_plan(Request(deterministic=True, jobs=2), "s", space, "f" * 64)
    assert plan.window == 4
    assert next_plan(Request(jobs=8), plan, space, "f" * 64).window == 4
    with pytest.raises(FaultError, match="--deterministic"):
        next_plan(Request(deterministic=False), plan, space, "f" * 64)


def test_a_plan_names_the_gpus_and_promises_no_bits_on_them():
    space, gpus = load_space("four"), (Gpu("0", "A 100"), Gpu("1", "A 100"))
    plan = first_plan(Request(gpus=gpus), "s", space, "f" * 64)
    assert plan.machine == f"{machine()}, 2 x GPU A 100"
    assert next_plan(Request(), plan, space, "f" * 64).machine == machine()
    with pytest.raises(FaultError) as caught:
        first_plan(Request(gpus=gpus, deterministic=True), "s", space, "f" * 64)
    assert str(caught.value) == (
        "--deterministic: a GPU does not repeat to the bit; got 2 x GPU A 100; "
        "allowed: --device cpu"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("mysql://u:p@h/db?x=1", "mysql://u:***@h/db?x=1"),
        ("postgresql://h/db?user=u&password=p", "postgresql://h/db?user=u&password=***"),
        ("see redis://:p@h/0 there", "see redis://:***@h/0 there"),
        ("sqlite:////tmp/a@b/study.db", "sqlite:////tmp/a@b/study.db"),
    ],
)
def test_passwords_are_redacted_and_the_rest_is_left_alone(text, shown):
    assert redact_url(text) == shown


def test_a_request_refuses_what_is_no_option_of_the_plan():
    with pytest.raises(TypeError, match="no options of the plan: seeed"):
        Request({"seeed": 1})
