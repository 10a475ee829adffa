"""Progress as plain lines and as a live display."""

import io

import pytest
from rich.console import Console

from reports.numbers import duration, parse_duration
from reports.trial_record import EpochRecord, TrialRecord
from search_spaces.faults import FaultError
from study.config import config_from_params
from study.coordinator.asked_trials import AskedTrial
from study.engine.results import EpochResult
from study.progress.lines import LineProgress
from study.progress.live import display
from study.progress.shown import shown_progress
from study.progress.status import SearchStatus


def recorded(number: int, accuracy: float | None, **asked: object) -> TrialRecord:
    values = {"state": "complete" if accuracy else "failed", "origin": "search", "seconds": 2.0}
    fixed = {"params": {"width": 64, "dropout": 0.25}, "config": {"epochs": 4}, "seed": 1}
    return TrialRecord(
        number, accuracy=accuracy, split="validation", n=240, **(values | fixed | asked)
    )


def test_a_line_for_each_recorded_trial_with_best_baseline_and_time_left():
    lines: list[str] = []
    progress = LineProgress(lines.append)
    progress.began((), 5, 2, "accuracy")
    progress.recorded(recorded(0, 0.9, origin="baseline"))
    progress.recorded(recorded(1, None, reason="its worker died", lost=True))
    progress.recorded(recorded(2, 0.95, retry_of=1))
    curve = (EpochRecord(1, 1.0, 1.0, 0.5, 1.0),)
    progress.recorded(recorded(3, None, state="pruned", curve=curve))
    base = "width 64, dropout 0.25"
    assert lines == [
        "5 trials with 2 workers; trial 0 is the baseline",
        (
            f"[1/5] trial 0 (baseline): {base}: 90.00 % (validation, n = 240); "
            "best is the baseline, 90.00 %, about 4.0 s left"
        ),
        (
            f"[1/5] trial 1: {base}: lost: its worker died; "
            "best is the baseline, 90.00 %, about 4.0 s left"
        ),
        (
            f"[2/5] trial 2 (retry of 1): {base}: 95.00 % (validation, n = 240); "
            "best 95.00 % (trial 2), baseline 90.00 %, +5.00 points, about 3.0 s left"
        ),
        (
            f"[3/5] trial 3: {base}: pruned after epoch 1 at 50.00 %; "
            "best 95.00 % (trial 2), baseline 90.00 %, +5.00 points, about 2.0 s left"
        ),
    ]


@pytest.mark.parametrize(
    ("ended", "trials", "said"),
    [
        (0, 1, "1 trial with 2 workers; trial 0 is the baseline"),
        (2, 2, "nothing left to do: 2 of 2 trials are recorded"),
        (2, 1, "nothing left to do: 2 trials are recorded, and 1 asked for"),
    ],
)
def test_a_search_begins_with_what_is_to_do(ended, trials, said):
    there = tuple(recorded(number, 0.9) for number in range(ended))
    assert SearchStatus(there, trials, 2, "accuracy").opening() == said


def test_workers_that_are_yet_to_come_are_not_counted_on():
    lines: list[str] = []
    progress = LineProgress(lines.append)
    progress.began((), 3, 0, "accuracy")
    progress.recorded(recorded(0, 0.9, origin="baseline"))
    assert lines[0] == "3 trials with no worker yet; trial 0 is the baseline"
    assert lines[1].endswith("about 4.0 s left")


def test_a_display_shows_workers_epochs_and_status():
    screen = io.StringIO()
    status = SearchStatus((recorded(0, 0.9, origin="baseline"),), 5, 2, "accuracy")
    trial = AskedTrial(1, 1, "search", {}, config_from_params({"epochs": 4}), 1)
    running = {"worker 1": (trial, EpochResult(3, 0.1, 0.1, 0.875, 0.1)), "worker 2": (trial, None)}
    Console(file=screen, width=70).print(display(status, running))
    lines = [" ".join(line.replace("━", "").split()) for line in screen.getvalue().splitlines()]
    assert lines == [
        "1 of 5 trials, 1 complete, about 4.0 s left",
        "best is the baseline, 90.00 %",
        "worker 1 trial 1 epoch 3/4 87.50 %",
        "worker 2 trial 1 epoch 0/4",
    ]


def test_on_a_terminal_lines_go_above_the_display():
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100, color_system=None)
    trial = AskedTrial(0, 0, "baseline", {}, config_from_params({"epochs": 4}), 1)
    with shown_progress(console, quiet=False) as shown:
        shown.callbacks.began((), 5, 2, "accuracy")
        shown.callbacks.started(trial, "worker 1")
        shown.callbacks.epoch_ended(trial, EpochResult(3, 0.1, 0.1, 0.875, 0.1))
        shown.say("a word [not markup]")
        shown.callbacks.recorded(recorded(0, 0.9, origin="baseline"))
    text = screen.getvalue()
    assert "5 trials with 2 workers; trial 0 is the baseline\n" in text
    assert "a word [not markup]\n" in text
    assert "trial 0 (baseline): width 64, dropout 0.25: 90.00 % (validation, n = 240)\n" in text


def test_quiet_and_a_pipe_differ_in_what_they_print():
    printed = {}
    for quiet in (True, False):
        screen = io.StringIO()
        with shown_progress(Console(file=screen, width=40), quiet) as shown:
            shown.callbacks.began((), 5, 2, "accuracy")
            shown.callbacks.recorded(recorded(0, 0.9))
        printed[quiet] = screen.getvalue()
    assert printed[True] == ""
    assert len(printed[False].splitlines()) == 2


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("90s", 90), ("1.5m", 90), ("2h", 7200), ("1 D", 86400)]
)
def test_durations_are_read_with_their_units(text, seconds):
    assert parse_duration(text, "--timeout") == seconds


@pytest.mark.parametrize("text", ["", "0", "-1s", "soon", "1w", "1e3s", "nan", "9" * 400])
def test_other_durations_are_refused(text):
    with pytest.raises(FaultError, match="--timeout: not a duration"):
        parse_duration(text, "--timeout")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.54, "0.5 s"),
        (12.4, "12 s"),
        (60, "1 min 00 s"),
        (3599.6, "1 h 00 min"),
        (7500, "2 h 05 min"),
    ],
)
def test_durations_are_shown_for_people(seconds, text):
    assert duration(seconds) == text
