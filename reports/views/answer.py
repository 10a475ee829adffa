"""The answer: one sentence against each baseline, and the seeds behind it."""

from dataclasses import dataclass, replace
from typing import Literal

from reports.answer_words import plain_words, tested_size, trainings_words
from reports.confirm_command import confirm_command
from reports.fold_words import rows_of
from reports.measure_words import amount_words, lead_words, value_words
from reports.numbers import InputsWord, count, percent, plural
from reports.opening import BROKEN_LEDGER
from reports.record import Comparison, Confirmation, StudyRecord
from reports.statistics.luck import expected_luck
from reports.statistics.noise import noise_of
from reports.stopped import stopped_words
from reports.trial_words import named_words
from reports.trials import (
    BASELINE,
    baseline_trial,
    begun,
    best_trial,
    counted,
    score_of,
    scored,
)
from reports.views.published import incomparable
from search_spaces.measures import MEASURES
from search_spaces.published import n_words, runs_words

Tone = Literal["good", "bad", "open"]
_TONES: dict[str, tuple[Tone, str]] = {
    "BEATS": ("good", "✓"),
    "DOES NOT BEAT": ("bad", "✗"),
    "CAN'T TELL": ("open", "?"),
}
SHORTLY: dict[str, str] = {
    "baseline": "the baseline re-run here",
    "equal compute": "same epochs and width",
    "published": "the published number",
}
AGAINST: dict[str, str] = {
    "baseline": "against the baseline, re-run here",
    "equal compute": "against the baseline with the same epochs and width",
    "published": "against the published number",
}


@dataclass(frozen=True)
class AnswerView:
    """One answer: its word and sign, against what, the sentence, and lines that go with it.

    `plain` says in everyday words what the interval means; "" without an interval.
    """

    word: str
    sign: str
    tone: Tone
    against: str
    sentence: str
    more: tuple[str, ...] = ()
    plain: str = ""


@dataclass(frozen=True)
class Tile:
    """One key number with what it is."""

    name: str
    value: str
    about: str


def answers(record: StudyRecord) -> tuple[AnswerView, ...]:
    """Return the answers, the one against the re-run baseline first.

    A published number that cannot be compared is no question of the study.
    """
    confirmation = record.confirmation
    if confirmation is None or not confirmation.comparisons:
        return (unconfirmed(record),)
    found: list[AnswerView] = []
    for one in asked(record):
        view = _answer(one, confirmation, record.data.inputs)
        said = {line for before in found for line in before.more}
        found.append(replace(view, more=tuple(line for line in view.more if line not in said)))
    return tuple(found)


def asked(record: StudyRecord) -> tuple[Comparison, ...]:
    """Return the comparisons of a confirmation in the order in which they are read."""
    confirmation = record.confirmation
    if confirmation is None:
        return ()
    same = confirmation.equal_compute
    found = [*confirmation.comparisons, *([] if same is None else [same])]
    if incomparable(record):
        found = [one for one in found if one.against != "published"]
    return tuple(sorted(found, key=lambda one: list(AGAINST).index(one.against)))


def _answer(comparison: Comparison, confirmation: Confirmation, inputs: InputsWord) -> AnswerView:
    tone, sign = _TONES[comparison.answer]
    sentence = comparison.sentence.removeprefix(comparison.answer).lstrip(":. ")
    more = [] if confirmation.ledger_intact else [BROKEN_LEDGER]
    if comparison.reason:
        more.append(f"Why: {comparison.reason.rstrip('.')}.")
    if comparison.settle:
        more.append(f"What would settle it: {comparison.settle.rstrip('.')}.")
    more += [f"{trainings_words(one)}." for one in comparison.trainings]
    return AnswerView(
        comparison.answer,
        sign,
        tone,
        AGAINST[comparison.against],
        sentence[:1].upper() + sentence[1:],
        tuple(more),
        plain_words(confirmation.winner, comparison, inputs),
    )


def unconfirmed(record: StudyRecord) -> AnswerView:
    """Say CAN'T TELL with the reason, and what to do about it."""
    tone, sign = _TONES["CAN'T TELL"]
    confirm = f"What would settle it: {confirm_command(record)}"
    against = "against the baseline, re-run here"
    best, base = best_trial(record), baseline_trial(record)
    if best is None:
        trials = plural(len(record.trials), "trial")
        sentence = f"No trial is complete ({trials} so far), so there is nothing to compare."
        return AnswerView("CAN'T TELL", sign, tone, against, sentence)
    if base is None:
        where = f"validation ({rows_of(best)}, seed {best.seed})"
        sentence = f"The best trial reaches {named_words(record.measure, best)} on {where}, "
        sentence += "but the baseline's own trial is not complete."
        return AnswerView("CAN'T TELL", sign, tone, against, sentence)
    if best.number == base.number:
        sentence = (
            f"No trial is ahead of the baseline's {named_words(record.measure, base)} on "
            f"validation ({rows_of(base)}, seed {base.seed}), and nothing has been confirmed."
        )
        return AnswerView("CAN'T TELL", sign, tone, against, sentence, (confirm,))
    gain = score_of(record.measure, best) - score_of(record.measure, base)
    both = " against ".join(named_words(record.measure, one) for one in (best, base))
    sentence = (
        f"Trial {best.number} is ahead by {lead_words(record.measure, gain)} on validation "
        f"({both}, {rows_of(best)}, one seed each), "
        f"but the best of {plural(len(scored(record)), 'trial')} always looks better than it is, "
        "and nothing has been confirmed."
    )
    more = (*_luck(record), *confirming_words(record), confirm)
    return AnswerView("CAN'T TELL", sign, tone, against, sentence, more)


def confirming_words(record: StudyRecord) -> tuple[str, ...]:
    """Say how far a confirmation is that has no answer yet."""
    begun = record.confirming
    if begun is None:
        return ()
    most = f" of at most {begun.most:,}" if begun.most is not None else ""
    return (f"A confirmation has begun: {begun.done:,}{most} trainings are done.",)


def _luck(record: StudyRecord) -> tuple[str, ...]:
    noise, trials = noise_of(record), len(scored(record))
    if noise is None or trials < 2:
        return ()
    luck = expected_luck(trials, noise.sd)
    ahead, spread = lead_words(record.measure, luck), amount_words(record.measure, noise.sd)
    line = (
        f"Luck alone would put the best of {trials} equally good trials {ahead} ahead "
        f"(noise {spread}; {noise.source})."
    )
    return (line,)


def tone_of(record: StudyRecord) -> Tone:
    """Return the tone of the first answer."""
    return answers(record)[0].tone


def tiles(record: StudyRecord) -> tuple[Tile, ...]:
    """Return the key numbers."""
    found = [_confirmed(record, who) for who in ("winner", "baseline")]
    tiles = [tile for tile in found if tile is not None]
    if not tiles:
        tiles = _validation_tiles(record)
    published = record.space.baseline.published
    if published is not None:
        # A number of another data set is named as such, never set beside ours.
        size = f"{n_words(published)}, {runs_words(published)}"
        about = f"{published.data} {published.split}, {size}"
        if incomparable(record):
            about = f"not comparable: {about}"
        tiles.append(
            Tile("published baseline", value_words(published.is_of, published.number), about)
        )
    return (*tiles, _trials_tile(record))


def _confirmed(record: StudyRecord, who: str) -> Tile | None:
    confirmation = record.confirmation
    if confirmation is None:
        return None
    candidate = confirmation.winner if who == "winner" else BASELINE
    stages = {"final", "baseline"}
    tested = [run for run in confirmation.retrainings if run.split == "test"]
    runs = [run for run in tested if run.stage in stages and run.candidate == candidate]
    values = [run.accuracy for run in runs if run.accuracy is not None]
    if not values:
        return None
    name = f"{candidate}, confirmed" if who == "winner" else "baseline, re-run here"
    size = tested_size(confirmation, runs[0].n, record.data.inputs)
    about = f"test, {size}, mean of {plural(len(values), 'seed')}"
    number = percent(sum(values) / len(values))
    if own := [run.value for run in runs if run.value is not None]:
        about = f"{MEASURES[record.measure].title}, {about}; accuracy {number}"
        number = value_words(record.measure, sum(own) / len(own))
    return Tile(name, number, about)


def _validation_tiles(record: StudyRecord) -> list[Tile]:
    tiles = []
    best, base = best_trial(record), baseline_trial(record)
    if best is not None:
        about = f"{best.split}, {rows_of(best)}, seed {best.seed}"
        name = f"best so far (trial {best.number})"
        tiles.append(Tile(name, named_words(record.measure, best), about))
    if base is not None:
        about = f"{base.split}, {rows_of(base)}, seed {base.seed}"
        tiles.append(Tile("baseline, re-run here", named_words(record.measure, base), about))
    return tiles


def _trials_tile(record: StudyRecord) -> Tile:
    states = [trial.state for trial in counted(record)]
    counts = [
        f"{states.count(state):,} {state}"
        for state in ("complete", "pruned", "failed", "running", "interrupted")
        if states.count(state)
    ]
    if waiting := states.count("interrupted"):
        counts[-1] += (
            ": it waits to be run again" if waiting == 1 else ": they wait to be run again"
        )
    value = f"{count(len(begun(record)))} of {count(record.trials_asked)}"
    about = ", ".join(counts) or "none yet"
    if record.stopped is not None:
        about += f"; ended early: {stopped_words(record.stopped, record.measure)}"
    return Tile("trials", value, about)
