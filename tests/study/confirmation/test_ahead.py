"""What workers that would idle train ahead: the answer is the same, and it comes sooner."""

from dataclasses import replace

import pytest

from study.confirmation.conclude import confirm
from study.executors.protocol import Stopped
from study.progress.shown import SILENT
from study.run_dir.confirm_options import ConfirmOptions
from study.run_dir.plan import read_plan
from tests.study.confirmation.worlds import World, work


class Stopping(World):
    """Workers that end a training when they are asked to, and note all that they began."""

    def __init__(self, slots, seconds=10.0):
        super().__init__(slots, seconds)
        self.begun, self.stopped = [], []

    def start(self, job):
        self.begun.append(job)
        super().start(job)

    def stop(self, job):
        if any(one[1] == job for one in self.running):
            self.running = [one for one in self.running if one[1] != job]
            self.stopped.append(job)
            self.started.append(Stopped(job))


class Clear(Stopping):
    """Workers whose trainings leave no doubt about who is best."""

    def accuracy(self, job):
        return 0.3 + job.config.width / 100 + job.seed % 2 / 1000


def better(config):
    return 0.8 + 0.1 * config.width / 512


@pytest.fixture
def answer(make, ask):
    """Confirm copies of one study; return what was found, and its run directory."""
    made = make(better, trials=12)
    files = {path.name: path.read_bytes() for path in made.run.root.iterdir() if path.is_file()}

    def confirmed(world, **asked):
        for path in made.run.root.iterdir():
            if path.is_file():
                path.unlink()
        for name, content in files.items():
            (made.run.root / name).write_bytes(content)
        options = ConfirmOptions(seeds=5, top=3, **asked)
        plan = read_plan(made.run)
        return confirm(made.run, plan, made.loaded, world, options, SILENT, open_ask=ask)

    return confirmed


@pytest.mark.parametrize("slots", [2, 3, 64])
def test_an_answer_is_the_same_whatever_idle_workers_did_ahead(answer, slots):
    def without_times(found):
        return replace(found, openings=())

    alone = answer(Stopping(1), ablate=True)
    world = Stopping(slots)
    assert without_times(answer(world, ablate=True)) == without_times(alone)
    assert world.running == []


def test_one_worker_trains_nothing_but_what_the_answer_needs(answer):
    world = Stopping(1)
    found = answer(world, ablate=True)
    trained = {(str(one.params), one.seed, one.split_seed) for one in found.retrainings}
    begun = [
        (str(job.config.as_params()), job.seed, job.split and job.split.seed) for job in world.begun
    ]
    assert len(begun) == len(set(begun))
    assert set(begun) == trained


def test_what_is_trained_for_nothing_are_rounds_of_those_that_the_race_eliminated(answer):
    world = Clear(64)
    found = answer(world)
    needed = {(str(one.params), one.seed) for one in found.retrainings}
    needless = [job for job in world.begun if (str(job.config.as_params()), job.seed) not in needed]
    # After two rounds one candidate is left: the third was begun for all four.
    assert len(needless) == 4
    assert all(job.split is not None for job in needless)


def test_64_workers_confirm_in_little_more_than_the_longest_chain_of_trainings(answer):
    world = Stopping(64)
    found = answer(world)
    longest = {
        stage: max(one.seconds for one in found.retrainings if one.stage in stages)
        for stage, stages in {"race": {"race"}, "final": {"final", "equal_compute"}}.items()
    }
    efficiency = sum(longest.values()) / world.now
    assert efficiency >= 0.8


def test_the_path_of_an_ablation_waits_for_its_choices_alone(answer):
    world = Stopping(64)
    found = answer(world, ablate=True)
    slowest = max(work(job.config) for job in world.begun) * 10 * 1.2
    # One training each: race, final, a choice a step after the first, the last choice's score.
    assert len(found.ablation) >= 1
    assert world.now <= slowest * (3 + len(found.ablation))
