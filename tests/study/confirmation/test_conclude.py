import json
import shutil
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest

from reports.confirming import Confirming
from reports.json_record import confirmation_from_json
from reports.opening import BROKEN_LEDGER, Purpose
from reports.views.answer import answers
from study.commands.shared_options import NOT_BEATEN, exit_code
from study.config import config_from_params
from study.confirmation.ablation import AblationDesign, run_ablation
from study.confirmation.candidates import Candidate
from study.confirmation.conclude import confirm
from study.confirmation.retrain import retrain_context
from study.coordinator.interrupts import Interrupts
from study.data.sealed import SealedTest
from study.data.values import Split
from study.engine.seeds import derive_seed
from study.executors.in_process import InProcessExecutor
from study.executors.protocol import Lost
from study.progress.shown import SILENT
from study.record.snapshot import collect_snapshot
from study.run_dir.chained_lines import GENESIS, chain_hash, line_of
from study.run_dir.confirm_options import ConfirmOptions
from study.run_dir.ledger import open_ledger
from study.run_dir.plan import read_plan


def better(config):
    """Wide networks are better, up to 0.97; the baseline's width of 8 gives 0.81."""
    return 0.8 + 0.01 * min(config.width, 17)


def equal(_config):
    return 0.9


def silent(_text):
    pass


def run_confirm(made, ask, options=None, say=silent, **more):
    return confirm(
        made.run,
        read_plan(made.run),
        made.loaded,
        made.executor,
        options or ConfirmOptions(),
        replace(SILENT, say=say),
        open_ask=ask,
        **more,
    )


class Deadly(InProcessExecutor):
    """Workers that die of every training on all images."""

    def start(self, job):
        if job.split is None:
            self._events.put(Lost(job.job, "its worker died"))
        else:
            super().start(job)


def test_each_training_says_how_many_are_done_of_at_most_how_many(make, ask):
    made = make(better)
    said = []
    options = ConfirmOptions(seeds=2, top=2, rounds=2)
    run_confirm(made, ask, options, said.append)
    counted = [line for line in said if line.endswith(")")]
    # Three of the race in two rounds, then a final of two sides and of equal epochs and width.
    assert options.trainings == 3 * 2 + 2 * 2 + 2
    # Each training of the trainer takes 0.1 s.
    assert "(1 of at most 12, about 1.1 s left)" in counted[0]
    assert [int(line.rpartition("(")[2].split()[0]) for line in counted] == [
        *range(1, len(counted) + 1)
    ]
    assert made.run.confirmation.exists()
    assert collect_snapshot(made.run).confirming is None
    made.run.confirmation.unlink()
    # The options of this call were its own: the study was planned with the defaults.
    assert collect_snapshot(made.run).confirming == Confirming(len(counted), 27)


def test_workers_that_died_settle_nothing_for_good(make, ask):
    made = make(better)
    deadly = Deadly(made.trainer)
    bad = confirm(
        made.run, read_plan(made.run), made.loaded, deadly, ConfirmOptions(), SILENT, open_ask=ask
    )
    assert bad.comparisons[0].answer == "CAN'T TELL"
    assert "its worker died (attempt 3 of 3)" in bad.comparisons[0].sentence
    assert bad.openings == ()
    assert run_confirm(made, ask).comparisons[0].answer == "BEATS"


def test_an_answer_on_fewer_seeds_than_were_opened_is_that_on_all(make, ask):
    made = make(better)
    said = []
    first = run_confirm(made, ask, ConfirmOptions(seeds=8))
    again = run_confirm(made, ask, ConfirmOptions(seeds=5), said.append)
    assert again.comparisons[0] == first.comparisons[0]
    assert "this final was opened before: its answer is that on 8 seeds each" in said
    assert len(again.openings) == 1


def as_first_version(run):
    """Write a study's openings again as the version did that had no fields for their purpose."""
    before, lines = GENESIS, []
    for number, opening in enumerate(open_ledger(run).lines(), 1):
        fields = {
            "n": number,
            "when": opening.when,
            "why": opening.why.replace("seeds each", "seeds a side"),
            "weights": list(opening.weights),
            "fingerprint": opening.fingerprint,
        }
        before = chain_hash(before, fields)
        lines.append({**fields, "chain": before})
    run.ledger.write_bytes(b"".join(map(line_of, lines)))
    written = json.loads(run.confirmation.read_text())
    written["openings"] = [{k: line[k] for k in line if k != "n"} for line in lines]
    run.confirmation.write_text(json.dumps(written))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("law", "opened", "asked"),
    [
        (better, ConfirmOptions(seeds=8), ConfirmOptions(seeds=5)),
        (equal, ConfirmOptions(seeds=None), ConfirmOptions(seeds=None)),
        (equal, ConfirmOptions(seeds=None), ConfirmOptions(seeds=5)),
    ],
    ids=["more seeds than asked for", "planned looks", "planned looks, then fewer seeds"],
)
def test_a_study_that_the_first_version_confirmed_answers_as_before(make, ask, law, opened, asked):
    made = make(law)
    first = run_confirm(made, ask, opened)
    as_first_version(made.run)
    assert confirmation_from_json(json.loads(made.run.confirmation.read_text())).openings == (
        open_ledger(made.run).lines()
    )
    made.trainer.trained.clear()

    again = run_confirm(made, ask, asked)

    assert again.comparisons == first.comparisons
    assert [one.purpose for one in again.openings] == [one.purpose for one in first.openings]
    assert "a side" in again.openings[0].why
    assert again.ledger_intact
    assert made.trainer.trained == []


@pytest.mark.slow
def test_a_look_for_another_winner_between_planned_looks_widens_the_interval(make, ask):
    made = make(equal)
    ledger = open_ledger(made.run)
    other = Purpose("final", "trial 99", seeds=5, look=1, looks=3)

    def look_for_another_winner(text):
        if text.startswith("CAN'T TELL") and len(ledger.lines()) == 1:
            ledger.append("2026-01-01T00:00:00+00:00", other, ("0" * 64,), "f" * 64)

    found = run_confirm(made, ask, ConfirmOptions(seeds=None), look_for_another_winner)

    assert [one.purpose.look for one in found.openings] == [1, 1, 2, 3]
    # The first look, the other winner's, and the second look, which no look of its own precedes.
    assert found.comparisons[0].interval.level == pytest.approx(1 - 0.01 / 6)


def test_a_better_winner_beats_the_baseline_with_one_opening_for_all_weights(make, ask):
    made = make(better)

    found = run_confirm(made, ask)

    baseline, published = found.comparisons
    assert (baseline.against, baseline.answer, baseline.seeds, baseline.n) == (
        "baseline",
        "BEATS",
        5,
        400,
    )
    assert baseline.sentence.startswith(
        f"BEATS: {found.winner} is more accurate than the re-run baseline on test, +"
    )
    assert baseline.interval.low > 0
    assert baseline.interval.level == 0.96
    assert published.against == "published"
    assert found.ledger_intact
    (opening,) = found.openings
    tested = {one.weights_hash for one in found.retrainings if one.split == "test"}
    assert set(opening.weights) == tested
    assert opening.purpose == Purpose("final", found.winner, seeds=5)
    assert opening.why == f"final of {found.winner} and baseline, 5 seeds each"


def test_what_stands_beside_the_answer_fits_the_predictions(make, ask):
    made = make(better)

    found = run_confirm(made, ask)

    assert found.probability == 1.0
    assert found.probability_interval.low == pytest.approx(0.4782, abs=1e-4)
    assert found.pair.gained > found.pair.lost
    assert found.pair.p_value < 0.05
    assert sum(map(sum, found.confusion)) == 400
    wins = [flip for flip in found.flips if flip.winner == flip.sample.label]
    losses = [flip for flip in found.flips if flip.baseline == flip.sample.label]
    assert len(wins) + len(losses) == len(found.flips) > 0
    assert all(len(flip.sample.rows) == 3 for flip in found.flips)
    assert found.optimism.configs == 8
    assert abs(found.optimism.observed - found.optimism.confirmed) < 0.03
    assert json.loads(made.run.summaries.read_text())["baseline"] == "a network of width 8"


def test_finals_of_a_pair_share_seeds_and_races_share_seeds_and_splits(make, ask):
    made = make(better)

    found = run_confirm(made, ask)

    for stage, rounds in (("race", 3), ("final", 5)):
        runs = [one for one in found.retrainings if one.stage == stage]
        keys = [{(one.seed, one.split_seed) for one in runs if one.candidate == name}
                for name in ("baseline", found.winner)]  # fmt: skip
        assert keys[0] == keys[1]
        assert len(keys[0]) == rounds
        assert all((one.split_seed is None) == (stage == "final") for one in runs)
    race = {one.seed for one in found.retrainings if one.stage == "race"}
    assert race.isdisjoint(one.seed for one in found.retrainings if one.stage == "final")


def test_no_gain_is_not_reported_as_one(make, ask):
    found = run_confirm(make(equal), ask)

    assert found.comparisons[0].answer == "CAN'T TELL"
    assert found.comparisons[0].settle is not None


def test_the_written_confirmation_is_the_returned_one(make, ask):
    made = make(better)

    found = run_confirm(made, ask)

    assert confirmation_from_json(json.loads(made.run.confirmation.read_text())) == found


def test_a_second_confirmation_trains_nothing_and_opens_nothing(make, ask):
    made = make(better)
    first = run_confirm(made, ask)
    made.trainer.trained.clear()

    second = run_confirm(made, ask)

    assert made.trainer.trained == []
    assert second == first
    assert len(open_ledger(made.run).lines()) == 1


def test_more_seeds_train_only_the_new_ones_and_widen_the_interval_for_the_second_opening(
    make, ask
):
    made = make(equal)
    first = run_confirm(made, ask)
    made.trainer.trained.clear()

    second = run_confirm(made, ask, ConfirmOptions(seeds=8))

    final = [one for one in made.trainer.trained if one[2] is None]
    # Three more seeds of the winner, the baseline, and the baseline with the same epochs and width.
    assert len(final) == len(made.trainer.trained) in (6, 9)
    assert len(second.openings) == 2
    assert set(second.openings[0].weights).isdisjoint(second.openings[1].weights)
    assert first.comparisons[0].interval.level == 0.96
    assert second.comparisons[0].interval.level == pytest.approx(0.995)
    assert "99.5 % interval" in second.comparisons[0].sentence
    assert "widened for opening 2 of the test split" in second.comparisons[0].sentence


def test_auto_stops_at_the_first_look_that_decides(make, ask):
    found = run_confirm(make(better), ask, ConfirmOptions(seeds=None))

    assert found.comparisons[0].answer == "BEATS"
    assert found.comparisons[0].seeds == 5
    (opening,) = found.openings
    assert opening.purpose == Purpose("final", found.winner, seeds=5, look=1, looks=3)


@pytest.mark.slow
def test_auto_goes_on_to_its_last_look_and_its_looks_count_as_one_opening(make, ask):
    found = run_confirm(make(equal), ask, ConfirmOptions(seeds=None))

    comparison = found.comparisons[0]
    assert (comparison.answer, comparison.seeds) == ("CAN'T TELL", 20)
    assert [one.purpose for one in found.openings] == [
        Purpose("final", found.winner, seeds, look, looks=3)
        for look, seeds in ((1, 5), (2, 10), (3, 20))
    ]
    assert comparison.interval.level == 0.96
    assert "holds at all 3 planned looks" in comparison.sentence


def test_one_seed_cannot_tell_and_says_why(make, ask):
    found = run_confirm(make(better), ask, ConfirmOptions(seeds=1))

    assert [one.answer for one in found.comparisons] == ["CAN'T TELL", "CAN'T TELL"]
    assert found.comparisons[0].sentence == (
        f"CAN'T TELL whether {found.winner} is more accurate than the re-run baseline on test: "
        "one seed each does not show how much seeds differ."
    )


def test_a_margin_asks_for_more(make, ask):
    made = make(better)

    assert run_confirm(made, ask).comparisons[0].answer == "BEATS"
    missed = run_confirm(made, ask, ConfirmOptions(margin=0.5)).comparisons[0]
    assert (missed.answer, missed.margin) == ("DOES NOT BEAT", 0.5)


def test_a_published_number_of_other_data_is_not_compared(make, ask, space_text):
    found = run_confirm(make(better, space_text.replace('data = "made-up"', 'data = "mnist"')), ask)

    assert found.comparisons[1].answer == "CAN'T TELL"
    assert found.comparisons[1].reason == (
        "the published number is for mnist test, this is made-up test"
    )


def test_without_a_published_number_there_is_one_answer(make, ask, space_text):
    found = run_confirm(make(better, space_text.partition("[baseline.published]")[0]), ask)

    assert [one.against for one in found.comparisons] == ["baseline"]


def test_a_search_that_found_only_the_baseline_cannot_tell(make, ask):
    made = make(better, trials=1)

    found = run_confirm(made, ask)

    assert found.winner == "baseline"
    assert [one.reason for one in found.comparisons] == [
        "the search completed no trial other than the baseline"
    ] * 2
    assert found.openings == ()
    assert made.trainer.trained == []


def test_a_winner_that_stops_early_gets_the_epochs_it_kept(make, ask):
    made = make(lambda config: better(config) + 0.01 * config.patience)

    found = run_confirm(made, ask)

    final = [one for one in made.trainer.trained if one[2] is None and one[0].width != 8]
    assert final
    assert {(config.patience, config.epochs) for config, _, _ in final} == {(0, 4)}
    assert found.comparisons[0].answer == "BEATS"


def test_a_failed_final_is_reported_and_the_test_split_stays_shut(make, ask):
    made = make(better)
    race_over = []

    def law(config):
        _, _, split = made.trainer.trained[-1]
        race_over.append(split is None)
        return -1.0 if split is None and config.width != 8 else better(config)

    made.trainer.law = law

    found = run_confirm(made, ask)

    assert any(race_over)
    comparison = found.comparisons[0]
    assert comparison.answer == "CAN'T TELL"
    assert comparison.reason.startswith(f"{found.winner} failed under seed ")
    assert comparison.reason.endswith(": loss is not finite")
    assert found.openings == ()


def test_a_seed_that_failed_counts_whatever_number_is_asked_for_afterwards(make, ask):
    made = make(better)
    seventh = derive_seed(read_plan(made.run).seed, "final", 6)

    def law(config):
        _, seed, _ = made.trainer.trained[-1]
        return -1.0 if seed == seventh and config.width != 8 else better(config)

    made.trainer.law = law

    ten = run_confirm(made, ask, ConfirmOptions(seeds=10)).comparisons[0]
    five = run_confirm(made, ask, ConfirmOptions(seeds=5)).comparisons[0]

    assert (ten.answer, five.answer) == ("CAN'T TELL", "CAN'T TELL")
    assert five.reason == ten.reason
    assert ten.reason.endswith(f" failed under seed {seventh}: loss is not finite")
    assert open_ledger(made.run).lines() == ()


def test_candidates_that_fail_in_the_race_leave_it(make, ask):
    made = make(better)
    made.trainer.law = lambda config: -1.0 if config.width != 8 else 0.8

    found = run_confirm(made, ask)

    assert found.comparisons[0].reason == "every candidate failed in the race"
    assert [one.reason for one in found.retrainings if one.candidate != "baseline"] == [
        "loss is not finite"
    ] * 3


def test_other_data_is_refused(make, ask, faults):
    made = make(better)
    training = made.loaded.training
    about = replace(training.about, fingerprint="0" * 64)
    made.loaded = replace(made.loaded, training=replace(training, about=about))

    message = faults(lambda: run_confirm(made, ask))

    own = training.about.fingerprint[:16]
    assert message == (
        "--data: this is not the data that the study searched on; "
        f"got 0000000000000000; allowed: {own}"
    )


def test_an_interrupted_confirmation_goes_on_where_it_stopped(make, ask):
    made = make(better)
    interrupts = Interrupts()

    def stop_in_the_final(text):
        if text.startswith("final"):
            interrupts.add()

    with pytest.raises(KeyboardInterrupt):
        run_confirm(made, ask, say=stop_in_the_final, interrupts=interrupts)
    assert not made.run.confirmation.exists()
    assert not made.run.ledger.exists()
    done = len(made.run.retrainings.read_text().splitlines())
    made.trainer.trained.clear()

    found = run_confirm(made, ask)

    untouched = run_confirm(made, ask)
    all_keys = len(made.run.retrainings.read_text().splitlines())
    # What ran when it was interrupted may have ended unheard; it trains again.
    assert len(made.trainer.trained) == all_keys - done
    assert untouched == found


@pytest.mark.parametrize("answers_before", [0, 3])
def test_an_opening_that_was_interrupted_before_its_answer_is_one_opening(
    make, ask, answers_before
):
    made = make(better)
    given = []

    @contextmanager
    def dies():
        with ask() as answer:

            def once(task):
                if len(given) == answers_before:
                    raise KeyboardInterrupt
                given.append(task)
                return answer(task)

            yield once

    with pytest.raises(KeyboardInterrupt):
        run_confirm(made, dies)
    assert len(open_ledger(made.run).lines()) == 1
    assert not made.run.test_predictions.exists()

    found = run_confirm(made, ask)

    assert len(found.openings) == len(open_ledger(made.run).lines()) == 1
    shutil.rmtree(made.run.root)
    whole = run_confirm(make(better), ask)
    assert found.comparisons == whole.comparisons


def test_opening_and_calibration_share_a_process_that_ends_with_them(make, ask):
    made = make(better)
    said = []

    @contextmanager
    def noted():
        said.append("begins")
        with ask() as answer:
            yield answer
        said.append("ends")

    found = run_confirm(made, noted, ConfirmOptions(seeds=None))
    assert len(found.openings) >= 1
    assert made.run.validation_answers.exists()
    assert said == ["begins", "ends"]


def test_only_the_pairs_weights_are_kept_and_all_predictions(make, ask):
    made = make(better)

    found = run_confirm(made, ask)

    tested = [one for one in found.retrainings if one.split == "test"]
    firsts = {
        next(one.weights_hash for one in tested if one.candidate == name)
        for name in (found.winner, "baseline")
    }
    assert {path.stem for path in (made.run.root / "weights").iterdir()} == firsts
    with np.load(made.run.test_predictions) as stored:
        assert {one.weights_hash for one in tested} < set(stored.files)
        for one in tested:
            correct = stored[one.weights_hash] == stored["labels"]
            assert correct.mean() == one.accuracy


def test_a_poisoned_test_split_harms_neither_search_nor_race_nor_final_training(make, ask):
    made = make(better)

    def poisoned():
        raise RuntimeError("the test split was read")

    fingerprint = made.loaded.training.about.fingerprint
    sealed = SealedTest(made.loaded.test.test_n, fingerprint, poisoned)
    made.loaded = replace(made.loaded, test=sealed)
    heard = []

    with pytest.raises(RuntimeError, match=r"^the test split was read$"):
        run_confirm(made, ask, say=heard.append)

    # Everything up to the opening is done, and the opening that failed is on record.
    assert sum(text.startswith("final") for text in heard) == 10
    assert len(open_ledger(made.run).lines()) == 1


def test_equal_compute_is_reported_where_it_differs_from_both(make, ask, space_text):
    space = space_text.replace(
        "[fixed]\ndepth = 1",
        '[parameters.dropout]\ntype = "float"\nlow = 0.0\nhigh = 0.5\n\n[fixed]\ndepth = 1',
    )

    found = run_confirm(make(better, space), ask)

    assert found.equal_compute is not None
    assert found.equal_compute.against == "equal compute"
    assert (
        "than the baseline with the same epochs and width on test" in found.equal_compute.sentence
        or (
            "from the baseline with the same epochs and width on test"
            in found.equal_compute.sentence
        )
    )
    equal_runs = [one for one in found.retrainings if one.stage == "equal_compute"]
    assert {one.candidate for one in equal_runs} == {"baseline, same epochs and width"}
    assert len(equal_runs) == 5


def test_an_ablation_ends_at_the_winner_and_marks_what_keeps_most(make, ask):
    found = run_confirm(make(better), ask, ConfirmOptions(ablate=True))

    steps = {step.parameter: step for step in found.ablation}
    assert next(iter(steps)) == "width"
    assert steps["width"].kept
    assert steps["width"].gain > 0.05
    assert steps["width"].interval.low > 0
    assert (steps["width"].before, steps["width"].split) == ("8", "validation")
    assert not any(step.kept for step in found.ablation[1:])
    assert all(one.split == "validation" for one in found.retrainings if one.stage == "ablation")
    assert len(found.openings) == 1


def test_an_ablation_is_scored_on_seeds_and_splits_that_chose_no_step(make, ask):
    found = run_confirm(make(better), ask, ConfirmOptions(ablate=True))

    runs = [one for one in found.retrainings if one.stage == "ablation"]
    scoring = [one for one in runs if one.candidate.startswith("step ")]
    choosing = [one for one in runs if one.candidate.startswith("with ")]
    levels = {step.interval.level for step in found.ablation}
    assert {step.seeds for step in found.ablation} == {5}
    assert levels == {1 - 0.05 / len(found.ablation)}
    for of in ("seed", "split_seed"):
        drawn = [{getattr(one, of) for one in some} for some in (choosing, scoring)]
        assert [len(some) for some in drawn] == [3, 5]
        assert not drawn[0] & drawn[1]


def test_a_single_change_that_brings_nothing_is_not_kept(make):
    made = make(lambda config: 0.6 if config.width == 8 else 0.5)
    baseline = Candidate("baseline", config_from_params({"width": 8, "depth": 1, "epochs": 6}))
    winner = Candidate("trial 1", replace(baseline.config, width=9))
    context = retrain_context(
        made.run, made.executor, made.loaded.training.about.fingerprint, lambda _: None, None
    )

    steps = run_ablation(context, baseline, winner, AblationDesign(0, 3, 5, Split(0, 0.2))).steps

    assert [(step.parameter, step.kept) for step in steps] == [("width", False)]
    assert steps[0].gain < 0


def lose(run):
    run.ledger.unlink()


def edit(run):
    run.ledger.write_bytes(run.ledger.read_bytes().replace(b"each", b"EACH"))


def cut(run):
    first, *_rest = run.ledger.read_bytes().splitlines(keepends=True)
    run.ledger.write_bytes(first)


@pytest.mark.slow
@pytest.mark.parametrize("harm", [lose, edit, cut])
def test_a_ledger_that_was_lost_or_edited_is_known_everywhere_and_fails_the_gate(make, ask, harm):
    made = make(better)
    run_confirm(made, ask)
    before = run_confirm(made, ask, ConfirmOptions(seeds=8))
    assert exit_code(before, fail_unless_beats=True) == 0
    harm(made.run)

    record = collect_snapshot(made.run)
    assert not record.confirmation.ledger_intact
    assert record.confirmation.openings == before.openings
    assert BROKEN_LEDGER in answers(record)[0].more
    assert exit_code(record.confirmation, fail_unless_beats=True) == NOT_BEATEN

    said = []
    again = run_confirm(made, ask, ConfirmOptions(seeds=8), said.append)
    assert not again.ledger_intact
    assert f"{BROKEN_LEDGER} See {made.run.ledger}." in said
    # What was opened stays counted: the interval is no narrower than before.
    assert again.comparisons[0].interval == before.comparisons[0].interval


def test_a_torn_last_line_of_the_ledger_is_no_break(make, ask):
    made = make(better)
    run_confirm(made, ask)
    with made.run.ledger.open("ab") as file:
        file.write(b'{"n": 2, "wh')
    assert collect_snapshot(made.run).confirmation.ledger_intact
