"""The same answer as plain text for a terminal, a pipe or a log."""

import textwrap
import unicodedata

from reports.answer_words import headline
from reports.budget import budget_words
from reports.calibration_words import finding_words
from reports.fold_words import rows_of, sizes_words
from reports.measure_words import difference_words, value_words
from reports.numbers import duration, plural, scalar
from reports.record import StudyRecord
from reports.trial_record import TrialRecord
from reports.trial_words import reached_words
from reports.trials import (
    baseline_trial,
    best_so_far,
    counted,
    ranked,
    score_of,
    trial_name,
    winner_trial,
)
from reports.unfinished import going_on, interrupted_words
from reports.views.answer import AnswerView, answers, tiles
from reports.views.published import incomparable
from reports.weight_words import weights_words
from search_spaces.measures import MEASURES

TOP = 5
_BARS = "▁▂▃▄▅▆▇█"


def render_summary(record: StudyRecord, width: int = 80) -> str:
    """Return the study's answer as lines of at most `width` columns, without colour.

    A single word longer than the width (a name) is broken.
    """
    parts = [
        _head(record, width),
        _warnings(record, width),
        _interrupted(record, width),
        _headline(record, width),
        *(_answer(answer, width) for answer in answers(record)),
        _numbers(record, width),
        _calibration(record, width),
        _configs(record, width),
        _progress(record, width),
        _top(record, width),
    ]
    text = "\n\n".join(part for part in parts if part) + "\n"
    return "".join(sign if sign == "\n" or _harmless(sign) else "�" for sign in text)


def _harmless(sign: str) -> bool:
    # Names come from users: control signs could steer the terminal.
    return unicodedata.category(sign) not in {"Cc", "Cf", "Cs"}


def _wrap(text: str, width: int, indent: str = "") -> str:
    return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent)


def _head(record: StudyRecord, width: int) -> str:
    about = (
        f"{record.data.name}: {sizes_words(record)}; "
        f"search space {record.space.name}; study seed {record.seed}"
    )
    budget = budget_words(record.budget_seconds, record.planned)
    lines = record.name, about, weights_words(record.data), budget
    return "\n".join(_wrap(one, width) for one in lines if one)


def _warnings(record: StudyRecord, width: int) -> str:
    return "\n".join(_wrap(f"Warning: {one}", width) for one in record.data.warnings)


def _interrupted(record: StudyRecord, width: int) -> str:
    where = interrupted_words(record)
    return _wrap(f"{where} To continue: {going_on(record)}", width) if where else ""


def _headline(record: StudyRecord, width: int) -> str:
    return _wrap(headline(record.confirmation), width) if record.confirmation else ""


def _answer(answer: AnswerView, width: int) -> str:
    lines = [_wrap(f"{answer.word} {answer.against}", width)]
    texts = (answer.plain, answer.sentence, *answer.more)
    lines += [_wrap(text, width, "  ") for text in texts if text]
    return "\n".join(lines)


def _numbers(record: StudyRecord, width: int) -> str:
    shown = tiles(record)
    room = max(len(tile.name) for tile in shown)
    lines = [
        textwrap.fill(
            f"{tile.name:<{room}}  {tile.value}  ({tile.about})",
            width,
            subsequent_indent=" " * (room + 2),
        )
        for tile in shown
    ]
    if why := incomparable(record):
        lines.append(_wrap(why, width))
    return "\n".join(lines)


def _calibration(record: StudyRecord, width: int) -> str:
    confirmation = record.confirmation
    if confirmation is None:
        return ""
    if confirmation.calibration is not None:
        found = finding_words(confirmation.calibration, record.data.inputs)
    elif confirmation.uncalibrated is not None:
        found = f"Not calibrated: {confirmation.uncalibrated}."
    else:
        return ""
    return "\n".join(["The winner's probabilities", _wrap(found, width, "  ")])


def _configs(record: StudyRecord, width: int) -> str:
    best, base = winner_trial(record), baseline_trial(record)
    if best is None or base is None or best.number == base.number:
        return ""
    rows = [
        (name, scalar(value), scalar(base.config.get(name))) for name, value in best.params.items()
    ]
    rows.append(("epochs trained", str(len(best.curve)), str(len(base.curve))))
    rows.append(("time", duration(best.seconds), duration(base.seconds)))
    head = ("", trial_name(best), trial_name(base))
    sizes = [max(len(row[i]) for row in (head, *rows)) for i in range(3)]
    lines = ["Best config against the baseline's"]
    lines += [
        f"  {a:<{sizes[0]}}  {b:>{sizes[1]}}  {c:>{sizes[2]}}"[:width] for a, b, c in (head, *rows)
    ]
    return "\n".join(lines)


def _progress(record: StudyRecord, width: int) -> str:
    best = best_so_far(counted(record), record.measure)
    if len(best) < 2:
        return ""
    last = record.trials[-1].number
    line = sparkline(best, last, min(40, width - 36))
    rise = " to ".join(value_words(record.measure, best[i][1]) for i in (0, -1))
    head = _wrap(f"Best so far, trials {best[0][0]} to {last} (validation)", width)
    return f"{head}\n  {line}  {rise}"


def sparkline(best: tuple[tuple[int, float], ...], last: int, cells: int) -> str:
    """Draw a staircase from its (number, value) steps, which get better, up to number `last`."""
    first, low, high = best[0][0], best[0][1], best[-1][1]
    cells = max(1, min(cells, last - first + 1))
    bars = []
    for cell in range(cells):
        number = first + (last - first) * (cell + 1) / cells
        value = [v for n, v in best if n <= number][-1]
        level = (value - low) / (high - low) if high != low else 0.0
        bars.append(_BARS[round(level * (len(_BARS) - 1))])
    return "".join(bars)


def _top(record: StudyRecord, width: int) -> str:
    best = ranked(record.trials, record.measure)[:TOP]
    if not best:
        return _stopped(record, width)
    base = baseline_trial(record)
    measure = record.measure
    name = "" if measure == "accuracy" else f"{MEASURES[measure].title} "
    rows = rows_of(best[0])
    lines = [_wrap(f"Top trials ({name}validation, {rows}, one seed each)", width)]
    for trial in best:
        ahead = score_of(measure, trial) - score_of(measure, base) if base else None
        gain = "" if ahead is None else difference_words(measure, ahead)
        head = f"  {trial.number:>5}  {reached_words(measure, trial)}  {gain:>13}  "
        lines.append(_clipped(head + _params(trial), width))
    return "\n".join(lines)


def _params(trial: TrialRecord) -> str:
    if trial.origin == "baseline":
        return "baseline"
    return " ".join(f"{name}={scalar(value)}" for name, value in trial.params.items())


def _clipped(line: str, width: int) -> str:
    return line if len(line) <= width else line[: width - 1] + "…"


def _stopped(record: StudyRecord, width: int) -> str:
    reasons = [trial.reason for trial in record.trials if trial.reason]
    if not reasons:
        return ""
    lines = [
        _wrap(f"{plural(reasons.count(reason), 'trial')}: {reason}", width, "  ")
        for reason in dict.fromkeys(reasons)
    ]
    return "\n".join(["Why no trial is complete", *lines[:TOP]])
