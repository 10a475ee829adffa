"""The answer in a terminal."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace

import pytest

from reports.record import StudyRecord
from reports.summary import render_summary, sparkline
from search_spaces.space import Space

MakeRecord = Callable[..., StudyRecord]

WHOLE = """\
mnist-four
mnist: 50,000 training, 10,000 validation, 10,000 test images; search space
four; study seed 7

BEATS the baseline re-run here; whether it beats the published number is open.

BEATS against the baseline, re-run here
  Of 1,000 such images trial 38 gets 2.7 to 5.3 more right.
  The tuned network beats the re-run baseline by +0.40 points of test accuracy
  (95 % interval +0.27 to +0.53, 5 paired seeds, n = 10,000).

CAN'T TELL against the published number
  Of 1,000 such images trial 38 gets between 2.1 fewer and 2.9 more right.
  The mean of 98.43 % lies inside the published number's own interval.
  Why: the published number is one run with an unknown seed.
  What would settle it: no number of our own seeds: the published run must be
  repeated.

trial 38, confirmed    98.39 %  (test, n = 10,000, mean of 5 seeds)
baseline, re-run here  98.05 %  (test, n = 10,000, mean of 5 seeds)
published baseline     98.40 %  (mnist test, n = 10,000, 1 run, seed unknown)
trials                 56 of 60  (36 complete, 15 pruned, 5 failed)

The winner's probabilities
  Temperature 1.5: expected calibration error from 4.27 % to 0.68 % (test
  images, n = 10,000).

Best config against the baseline's
                    trial 38  baseline
  width                 1138       512
  dropout             0.2383       0.2
  batch_size              64       128
  epochs                  18         5
  epochs trained          18         5
  time            1 min 33 s      15 s

Best so far, trials 0 to 59 (validation)
  ▁▁▅▅▅▅▅▅▅▆▆▆▆▆▇▇▇▇▇▇▇▇▇▇▇███████████████  97.15 % to 98.04 %

Top trials (validation, n = 10,000, one seed each)
     38  98.04 %   +0.89 points  width=1138 dropout=0.2383 batch_size=64 epochs…
     21  97.97 %   +0.82 points  width=809 dropout=0.3157 batch_size=512 epochs…
     32  97.82 %   +0.67 points  width=740 dropout=0.4085 batch_size=128 epochs…
     33  97.77 %   +0.62 points  width=1636 dropout=0.4109 batch_size=128 epoch…
     53  97.75 %   +0.60 points  width=939 dropout=0.1823 batch_size=64 epochs=…
"""


def test_the_whole_summary(make_record: MakeRecord) -> None:
    assert render_summary(make_record(60), 80) == WHOLE


@pytest.mark.parametrize("width", [40, 60, 80, 100])
@pytest.mark.parametrize("kind", ["whole", "unconfirmed", "empty", "forty", "long name"])
def test_no_line_is_wider_than_asked(
    make_record: MakeRecord, forty: Space, width: int, kind: str
) -> None:
    record = {
        "whole": lambda: make_record(60),
        "unconfirmed": lambda: make_record(60, answer=None),
        "empty": lambda: make_record(0),
        "forty": lambda: make_record(40, space=forty),
        "long name": lambda: make_record(20, name="n" * 200),
    }[kind]()
    lines = render_summary(record, width).splitlines()
    assert [line for line in lines if len(line) > width] == []


def test_names_cannot_steer_the_terminal(make_record: MakeRecord) -> None:
    name = "evil\x1b[2J\x07\u202ename"
    text = render_summary(make_record(20, name=name), 80)
    assert text.startswith("evil�[2J��name\n")
    assert {unicodedata.category(sign) for sign in text if sign != "\n"} & {"Cc", "Cf"} == set()


def test_reasons_stand_where_no_trial_is_complete(make_record: MakeRecord) -> None:
    record = make_record(3, answer=None)
    failed = tuple(
        replace(t, state="failed", accuracy=None, reason="the loss is not a number")
        for t in record.trials
    )
    text = render_summary(replace(record, trials=failed), 80)
    assert text.endswith("Why no trial is complete\n  3 trials: the loss is not a number\n")


@pytest.mark.parametrize(
    ("best", "last", "cells", "line"),
    [
        (((0, 0.1), (1, 0.2)), 1, 40, "▁█"),
        (((0, 0.0), (4, 0.5), (8, 1.0)), 8, 8, "▁▁▁▅▅▅▅█"),
        (((0, 0.5),), 3, 4, "▁▁▁▁"),
    ],
)
def test_the_sparkline_climbs_as_the_best_does(
    best: tuple[tuple[int, float], ...], last: int, cells: int, line: str
) -> None:
    assert sparkline(best, last, cells) == line
