"""Whole studies with a budget, in simulated time: trainings take what a law says they take."""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial

import pytest

from study.confirmation.conclude import confirm
from study.coordinator.interrupts import Interrupts
from study.data.store import save_training_data
from study.progress.shown import SILENT
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import read_plan
from study.workflows.budgeted import course_of
from study.workflows.request import Request
from study.workflows.stages import begin, open_trials, search
from tests.study.confirmation.worlds import World

pytestmark = pytest.mark.slow

SPACE = """
name = "timed"

[parameters.width]
type = "int"
low = 32
high = 256

[parameters.epochs]
type = "int"
low = 2
high = 8

[fixed]
depth = 2

[baseline]
width = 128
epochs = 4
depth = 2
"""
# What the start, an opening of the test split, and report with bundle take.
START, OPENING, WRITING = 10.0, 10.0, 4.5


@dataclass
class Timed:
    """A study in simulated time, which can be run again."""

    run: RunDirectory
    given: dict
    ask: Callable
    said: list = field(default_factory=list)

    def answer(self, world, interrupt_at=None, **given):
        """Take the study to its answer and return the seconds of this run."""
        asked_at = world.now
        interrupts = Interrupts()
        self.run.create()
        world.now += START
        asked = Request({**self.given, **given}, jobs=world.slots, asked_at=asked_at)
        old = read_plan(self.run) if self.run.exists() else None
        shared = partial(save_training_data, self.run.shared_data)
        begun = begin(self.run, old, asked, {}, shared)

        @contextmanager
        def opened():
            world.now += OPENING
            with self.ask() as ask:
                yield ask

        if interrupt_at is not None:
            wait = world.events

            def events(timeout):
                if world.now >= interrupt_at:
                    interrupts.add()
                return wait(timeout)

            world.events = events
        about = begun.space, begun.loaded.training
        storage = open_trials(self.run, begun.plan, None)
        shown = replace(SILENT, say=self.said.append)
        with course_of(
            self.run, begun.plan, about, world, asked_at, self.said.append, world.clocks()
        ) as course:
            end = search(
                self.run, begun, storage, world, shown.callbacks, interrupts, course.limit,
                world.clocks(),
            )  # fmt: skip
            if end == "interrupted":
                raise KeyboardInterrupt
            course.searched()
            found = confirm(
                self.run,
                course.plan(),
                begun.loaded,
                world,
                begun.plan.confirm_options(None),
                shown,
                interrupts,
                opened,
                course.pace(),
            )
            world.now += WRITING
        return found


@pytest.fixture
def timed(tmp_path, data_path, ask):
    (tmp_path / "space.toml").write_text(SPACE)

    def make(budget, **given):
        asked = {
            "space": str(tmp_path / "space.toml"),
            "data": str(data_path),
            "sampler": "random",
            "pruner": "none",
            "folds": 1,
            "budget_seconds": budget,
            **given,
        }
        return Timed(RunDirectory(tmp_path / "runs" / "timed"), asked, ask)

    return make


@pytest.mark.parametrize(
    ("budget", "slots", "seconds"),
    [
        (120.0, 1, 2.0),
        (300.0, 2, 5.0),
        (600.0, 4, 20.0),
        (3600.0, 16, 400.0),
    ],
)
@pytest.mark.parametrize("folds", [1, 5])
def test_a_budget_is_kept_within_5_percent(timed, budget, slots, seconds, folds):
    world = World(slots, seconds / folds)
    study = timed(budget, folds=folds)
    found = study.answer(world)
    assert found.comparisons[0].seeds >= 2
    assert found.comparisons[0].interval is not None
    assert 0.95 <= world.now / budget <= 1.05
    assert read_plan(study.run).planned.spent == pytest.approx(world.now)


@pytest.mark.parametrize(("since", "factor"), [(60.0, 1.5), (300.0, 0.7), (440.0, 1.5)])
def test_it_is_kept_when_trainings_get_slower_or_faster(timed, since, factor):
    world = World(2, 5.0, lambda now: factor if now > since else 1.0)
    found = timed(900.0).answer(world)
    assert found.comparisons[0].interval is not None
    assert 0.95 <= world.now / 900 <= 1.05


def test_a_study_that_was_interrupted_goes_on_with_the_time_that_is_left(timed):
    study, world = timed(300.0), World(2, 3.0)
    with pytest.raises(KeyboardInterrupt):
        study.answer(world, interrupt_at=60.0)
    spent = read_plan(study.run).planned.spent
    assert spent == pytest.approx(world.now)
    # A pause is not counted: the clock of the next run has another beginning.
    again = World(2, 3.0, now=10_000.0)
    study.answer(again)
    assert 0.95 <= (spent + again.now - 10_000) / 300 <= 1.05


def test_an_answered_study_that_runs_again_trains_nothing_and_opens_nothing(timed):
    study, world = timed(120.0), World(2, 1.0)
    found = study.answer(world)
    again = World(2, 1.0)
    same = study.answer(again)
    assert again.trained == 0
    assert (same.comparisons, same.openings) == (found.comparisons, found.openings)


def test_a_budget_too_short_for_a_candidate_ends_in_an_honest_answer(timed):
    world = World(1, 20.0)
    study = timed(60.0)
    found = study.answer(world)
    assert found.openings == ()
    assert found.comparisons[0].answer == "CAN'T TELL"
    assert found.comparisons[0].reason == "the budget of 1 min 00 s left no time for a confirmation"
    assert world.now <= 60 * 1.05
    assert study.said[-1] == "budget 1 min 00 s: search until 30 s, 1 trial, no confirmation"


def test_a_total_of_trials_ends_the_search_first_and_the_final_takes_the_rest(timed):
    world = World(2, 1.0)
    found = timed(120.0, trials=6).answer(world)
    assert found.comparisons[0].seeds > 5
    assert 0.95 <= world.now / 120 <= 1.05


def test_a_number_of_seeds_that_was_asked_for_is_never_exceeded(timed):
    world = World(2, 1.0)
    study = timed(200.0, trials=6, confirm_seeds=3)
    assert study.answer(world).comparisons[0].seeds == 3
    assert world.now < 200


def test_planned_looks_keep_their_rules(timed):
    world = World(4, 2.0)
    found = timed(400.0, confirm_seeds=0).answer(world)
    looks = [one.purpose for one in found.openings]
    assert [(one.look, one.looks, one.seeds) for one in looks if one] == [
        (number, 3, seeds) for number, seeds in enumerate((5, 10, 20)[: len(looks)], start=1)
    ]
    assert world.now <= 400 * 1.05
