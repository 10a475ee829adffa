"""The stages of a job, as a line in a terminal and as plain lines."""

import io

import pytest
from rich.console import Console

from study.progress.lines import LineProgress
from study.progress.live import StageLine
from study.progress.shown import shown_progress
from study.progress.steps import WHOLE_JOB, JobStatus, stages_of_job


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_job_says_its_stage_its_steps_and_the_time_left_at_this_rate():
    clock = Clock()
    job = JobStatus(clock)
    assert (job.heading(), job.steps_words()) == ("start", "")
    job.plan(WHOLE_JOB)
    assert job.heading() == "stage 1 of 7: start"
    clock.seconds = 50.0
    assert job.stage("race", 4)
    assert (job.heading(), job.steps_words()) == ("stage 3 of 7: race", "0 of 4")
    clock.seconds = 56.0
    job.step()
    assert job.steps_words() == "1 of 4, about 18 s left"
    # The next round of the race.
    assert not job.stage("race", 3)
    assert job.steps_words() == "1 of 7, about 36 s left"
    for _ in range(6):
        job.step()
    assert job.steps_words() == "7 of 7"
    assert job.stage("test", 0)
    assert (job.heading(), job.steps_words()) == ("stage 5 of 7: test", "")


def test_a_stage_that_was_not_planned_has_its_name_alone():
    job = JobStatus(Clock())
    job.plan(("start", "search"))
    job.stage("report", 0)
    assert job.heading() == "report"


def test_without_a_terminal_each_stage_is_one_line():
    lines: list[str] = []
    progress = LineProgress(lines.append)
    progress.plan(("start", "race", "final"))
    progress.stage("start")
    progress.stage("race", 4)
    progress.step()
    progress.stage("race", 1)
    progress.stage("final")
    assert lines == [
        "stage 1 of 3: start",
        "stage 2 of 3: race, 4 trainings",
        "stage 3 of 3: final",
    ]


@pytest.mark.parametrize(
    ("confirm", "ablate", "stages"),
    [
        (True, False, WHOLE_JOB),
        (False, True, ("start", "search", "report", "bundle")),
        (
            True,
            True,
            ("start", "search", "race", "final", "test", "ablation", "report", "bundle"),
        ),
    ],
)
def test_a_job_has_the_stages_of_what_was_asked(confirm, ablate, stages):
    assert stages_of_job(confirm=confirm, ablate=ablate) == stages


def test_in_a_terminal_the_line_of_a_stage_fits_and_is_drawn_anew_as_time_passes():
    clock = Clock()
    job = JobStatus(clock)
    job.plan(WHOLE_JOB)
    line = StageLine(job)

    def drawn(seconds):
        clock.seconds = seconds
        screen = io.StringIO()
        Console(file=screen, width=80).print(line)
        (text,) = screen.getvalue().splitlines()
        return " ".join("".join(sign for sign in text if sign not in "━╸╺").split()[1:])

    job.stage("final", 5000)
    for _ in range(1234):
        job.step()
    assert drawn(1234.0) == "stage 4 of 7: final 1,234 of 5,000, about 1 h 02 min left"
    assert drawn(2468.0) == "stage 4 of 7: final 1,234 of 5,000, about 2 h 05 min left"
    job.stage("report", 0)
    assert drawn(2468.0) == "stage 6 of 7: report (0.0 s)"
    assert drawn(2471.5) == "stage 6 of 7: report (3.5 s)"


def test_a_terminal_shows_the_stage_from_the_first_moment_to_the_last():
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=80, color_system=None)
    with shown_progress(console, quiet=False) as shown:
        shown.steps.plan(WHOLE_JOB)
        shown.steps.stage("race", 2)
        shown.steps.step()
        shown.say("race: trial 2")
    text = screen.getvalue()
    assert " start " in text
    assert "stage 3 of 7: race" in text
    assert "1 of 2" in text
