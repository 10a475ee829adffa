"""The study's log: what happened, each line with its time, and never a reason to end."""

from datetime import datetime

import pytest

from reports.trial_record import TrialRecord
from search_spaces.faults import fault
from study.coordinator.callbacks import NoCallbacks
from study.progress.logged import written_down
from study.progress.shown import Shown
from study.progress.steps import NoSteps
from study.run_dir.paths import RunDirectory


@pytest.fixture
def run(tmp_path):
    return RunDirectory(tmp_path)


def shown_by(run, end=None):
    """Let a job say two lines and end by an exception, if one is given; return what was shown."""
    shown: list[str] = []
    with written_down(Shown(NoCallbacks(), shown.append, NoSteps()), run, "the run") as both:
        both.steps.plan(("start", "search"))
        both.steps.stage("search")
        both.callbacks.began((), 3, 1, "accuracy")
        both.callbacks.recorded(
            TrialRecord(0, "complete", "baseline", {}, {}, 1, "validation", 240, 0.9, seconds=2.0)
        )
        both.say("first\nsecond")
        if end is not None:
            raise end
    return shown


def lines(run):
    """Return the log's lines without their times, which must be some."""
    found = []
    for line in run.log.read_text().splitlines():
        when, _, text = line.partition(" ")
        assert datetime.fromisoformat(when).tzinfo is not None
        found.append(text)
    return found


SAID = [
    "the run begins",
    "stage 2 of 2: search",
    "3 trials with 1 worker; trial 0 is the baseline",
    (
        "[1/3] trial 0 (baseline): : 90.00 % (validation, n = 240); best is the baseline, "
        "90.00 %, about 4.0 s left"
    ),
    "first",
    "second",
]


def test_all_that_is_said_has_its_time_from_the_beginning_to_the_end(run):
    assert shown_by(run) == ["first\nsecond"]
    assert lines(run) == [*SAID, "the run has ended"]


@pytest.mark.parametrize(
    ("end", "last"),
    [
        (KeyboardInterrupt(), "the run was interrupted"),
        (fault("a.toml", "is odd"), "the run ended with an error: a.toml: is odd"),
    ],
)
def test_how_a_run_ended_is_the_last_line(run, end, last):
    with pytest.raises(type(end)):
        shown_by(run, end)
    assert lines(run) == [*SAID, last]


def test_a_bug_leaves_its_traceback(run):
    with pytest.raises(ZeroDivisionError):
        shown_by(run, ZeroDivisionError("oops"))
    found = lines(run)
    assert found[len(SAID) : len(SAID) + 2] == [
        "the run ended with a bug:",
        "Traceback (most recent call last):",
    ]
    assert found[-1] == "ZeroDivisionError: oops"


def test_a_log_that_cannot_be_written_is_said_once_and_ends_nothing(run):
    run.log.mkdir()
    assert shown_by(run) == [
        f"{run.log}: cannot be written: Is a directory; the study goes on without its log",
        "first\nsecond",
    ]
