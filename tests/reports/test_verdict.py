import numpy as np
import pytest

from reports.record import Interval, Trainings
from reports.statistics.scores import Scores, scores
from reports.terms import Earlier, Terms
from reports.verdict import (
    against_baseline,
    against_published,
    answer_of,
    cant_tell,
    incomparable,
)
from reports.verdict_words import interval_range, published_words
from search_spaces.measures import MEASURES
from search_spaces.space import PublishedNumber

PUBLISHED = PublishedNumber(0.984, "mnist", "test", 10_000, 1, "the usual quotation")


def correct(accuracy, seeds=5, n=2000, seed=0):
    """Networks of one config: a tenth of the images is hard, each hard one a toss."""
    rng = np.random.default_rng(seed)
    hard = np.arange(n) < n // 10
    return Scores(~(hard & (rng.random((seeds, n)) < 10 * (1 - accuracy))))


@pytest.mark.parametrize(
    ("low", "high", "margin", "expected"),
    [
        (0.001, 0.004, 0.0, "BEATS"),
        (0.001, 0.004, 0.001, "CAN'T TELL"),
        (0.0, 0.004, 0.0, "CAN'T TELL"),
        (-0.002, 0.004, 0.0, "CAN'T TELL"),
        (-0.004, -0.001, 0.0, "DOES NOT BEAT"),
        (-0.004, 0.0, 0.0, "CAN'T TELL"),
        (0.001, 0.004, 0.005, "DOES NOT BEAT"),
    ],
)
def test_the_answer_is_where_the_interval_lies_about_the_margin(low, high, margin, expected):
    assert answer_of(Interval(low, high, 0.95), margin) == expected


def test_a_clear_gain_is_reported_with_all_its_evidence():
    found = against_baseline("trial 17", (correct(0.97, seed=1), correct(0.95, seed=2)), Terms())

    assert found.sentence == (
        "BEATS: trial 17 is more accurate than the re-run baseline on test, +2.00 points in the "
        "mean over seeds (96.97 % against 94.97 %, n = 2,000, 5 seeds each, "
        "96 % interval +1.35 to +2.65 points)."
    )
    assert (found.against, found.answer, found.reason, found.settle) == (
        "baseline",
        "BEATS",
        None,
        None,
    )
    assert found.interval.low < found.difference < found.interval.high


def test_a_loss_is_reported_likewise():
    found = against_baseline("trial 3", (correct(0.95, seed=2), correct(0.97, seed=1)), Terms())

    assert found.sentence == (
        "DOES NOT BEAT: trial 3 is less accurate than the re-run baseline on test, "
        "−2.00 points in the mean over seeds (94.97 % against 96.97 %, n = 2,000, 5 seeds each, "
        "96 % interval −2.65 to −1.35 points)."
    )


def test_what_may_be_chance_is_said_to_be_so_with_what_would_settle_it():
    found = against_baseline("trial 3", (correct(0.9515, seed=3), correct(0.95, seed=4)), Terms())

    assert found.answer == "CAN'T TELL"
    assert found.sentence.startswith("CAN'T TELL: trial 3 is ")
    assert "from the re-run baseline on test, which may be chance (" in found.sentence
    assert found.reason.endswith(" points includes zero")
    assert "if the true difference is the " in found.settle


def test_a_margin_is_part_of_question_and_answer():
    sides = correct(0.97, seed=1), correct(0.95, seed=2)

    small = against_baseline("trial 17", sides, Terms(margin=0.01))
    middling = against_baseline("trial 17", sides, Terms(margin=0.02))
    large = against_baseline("trial 17", sides, Terms(margin=0.03))

    assert small.sentence.startswith(
        "BEATS: trial 17 is more accurate than the re-run baseline by more than the margin of "
        "1.00 points on test, +2.00 points in the mean over seeds ("
    )
    assert "which may be no more than the margin of 2.00 points" in middling.sentence
    assert middling.reason.endswith(" points includes the margin of +2.00 points")
    assert large.sentence.startswith(
        "DOES NOT BEAT: trial 17 is not more accurate than the re-run baseline by more than the "
        "margin of 3.00 points on test, +2.00 points in the mean over seeds ("
    )


def test_a_later_opening_widens_the_interval_and_says_so():
    sides = correct(0.97, seed=1), correct(0.95, seed=2)
    first = against_baseline("trial 17", sides, Terms())

    third = against_baseline("trial 17", sides, Terms(opening=3))

    assert third.interval.high - third.interval.low > first.interval.high - first.interval.low
    assert third.interval.level == pytest.approx(1 - 0.01 / 6)
    assert "99.8 % interval" in third.sentence
    assert "points, widened for opening 3 of the test split)." in third.sentence


def test_a_level_near_a_hundred_per_cent_is_not_rounded_to_it():
    sides = correct(0.97, seed=1), correct(0.95, seed=2)

    found = against_baseline("trial 17", sides, Terms(opening=10))

    assert "5 seeds each, 99.99 % interval " in found.sentence


def test_a_planned_look_has_its_own_width_and_claims_the_common_level():
    sides = correct(0.97, seed=1), correct(0.95, seed=2)
    single = against_baseline("trial 17", sides, Terms())

    look = against_baseline("trial 17", sides, Terms(looks=3, look_level=0.982))

    assert look.interval.level == 0.96
    assert look.interval.low < single.interval.low
    assert look.sentence.endswith("points, holds at all 3 planned looks).")


def test_equal_compute_is_another_question():
    sides = correct(0.97, seed=1), correct(0.95, seed=2)

    found = against_baseline("trial 17", sides, Terms(), "equal compute")

    assert found.against == "equal compute"
    assert found.sentence.startswith(
        "BEATS: trial 17 is more accurate than the baseline with the same epochs and width on "
        "test, "
    )


def test_against_the_published_number_its_one_run_is_shown_with_its_own_interval():
    found = against_published("trial 17", correct(0.97, seed=1), PUBLISHED, "mnist", Terms())

    assert found.sentence == (
        "DOES NOT BEAT: trial 17 is less accurate than the published 98.40 % on test, "
        "−1.43 points in the mean over seeds (96.97 % on test, n = 2,000, 5 seeds, "
        "difference with 96 % interval "
        "−2.20 to −0.69 points; published: 1 run, seed unknown, n = 10,000, "
        "its own 95 % interval 98.13 % to 98.64 %)."
    )
    assert (found.against, found.seeds, found.n) == ("published", 5, 2000)


@pytest.mark.parametrize(
    ("published", "data", "expected"),
    [
        (PUBLISHED, "mnist", None),
        (PUBLISHED, "digits", "the published number is for mnist test, this is digits test"),
        (
            PublishedNumber(0.98, "mnist", "validation", 5000, 3, "x"),
            "mnist",
            "the published number is for mnist validation, this is mnist test",
        ),
    ],
)
def test_only_the_same_split_of_the_same_data_is_comparable(published, data, expected):
    assert incomparable(published, data, "accuracy") == expected


def test_an_incomparable_published_number_gives_cant_tell():
    found = against_published("trial 17", correct(0.97), PUBLISHED, "digits", Terms(margin=0.001))

    assert found.sentence == (
        "CAN'T TELL whether trial 17 is more accurate than the published number on test: "
        "the published number is for mnist test, this is digits test."
    )
    assert (found.answer, found.margin, found.seeds, found.n) == ("CAN'T TELL", 0.001, 5, 2000)
    assert found.difference is None
    assert found.interval is None


def test_several_published_runs_are_counted():
    several = PublishedNumber(0.98, "mnist", "test", 10_000, 6, "x")

    assert published_words(several) == (
        "6 runs, n = 10,000, its own 95 % interval 97.71 % to 98.27 %"
    )


def test_cant_tell_carries_its_reason():
    found = cant_tell("trial 1", "baseline", "one seed each", Terms(), (1, 100))

    assert found.reason == "one seed each"
    assert found.sentence == (
        "CAN'T TELL whether trial 1 is more accurate than the re-run baseline on test: "
        "one seed each."
    )


def flat(accuracy, seeds=5, n=1000):
    """Networks of one config that are all right on the same images."""
    return Scores(np.tile(np.arange(n) < round(accuracy * n), (seeds, 1)))


def test_a_gain_that_images_seen_in_training_could_make_is_no_answer():
    sides = flat(0.97), flat(0.94)

    found = against_baseline("trial 17", sides, Terms(leaked_n=20))

    assert found.answer == "CAN'T TELL"
    assert found.reason == (
        "20 of 1,000 test images are also training images, which could make that difference"
    )
    assert found.settle == "a test split without training images"
    assert found.sentence.startswith(
        "CAN'T TELL: trial 17 is +3.00 points from the re-run baseline on test, which may be "
    )
    assert found.sentence.endswith("; 20 of 1,000 test images are also training images.")


def test_a_gain_beyond_what_leaked_images_could_make_stands_and_names_them():
    found = against_baseline("trial 17", (flat(0.97), flat(0.94)), Terms(leaked_n=2))

    assert found.answer == "BEATS"
    assert found.sentence.endswith("; 2 of 1,000 test images are also training images.")


def test_a_loss_that_leaked_images_could_make_is_no_answer_either():
    found = against_baseline("trial 17", (flat(0.94), flat(0.97)), Terms(leaked_n=20))

    assert found.answer == "CAN'T TELL"


def test_leaked_images_void_a_claim_against_the_published_number_too():
    found = against_published(
        "trial 17", flat(0.9999, n=10_000), PUBLISHED, "mnist", Terms(leaked_n=200)
    )

    assert found.answer == "CAN'T TELL"
    assert "200 of 10,000 test images are also training images" in found.sentence


def test_collapsed_trainings_are_counted_with_how_many_there_could_be():
    winner = Scores(np.concatenate((flat(0.97, seeds=4).correct, flat(0.1, seeds=1).correct)))

    found = against_baseline("trial 17", (winner, flat(0.94)), Terms(chance=0.1))

    assert found.trainings == (
        Trainings("trial 17", 5, 1, pytest.approx(0.6574, abs=1e-4), 0.97, 0.1),
        Trainings("baseline", 5, 0, pytest.approx(1 - 0.05**0.2), 0.94, 0.94),
    )


def test_trainings_that_collapsed_before_the_final_are_in_the_sentence():
    sides = flat(0.97), flat(0.94)
    fallen, sound = Terms(earlier=Earlier(4, 1)), Terms(earlier=Earlier(4, 0))

    assert against_baseline("trial 17", sides, fallen).sentence.endswith(
        "; in search and race 1 of 4 of its trainings failed or collapsed."
    )
    assert "collapsed" not in against_baseline("trial 17", sides, sound).sentence


@pytest.mark.parametrize(
    ("low", "high", "margin", "expected"),
    [
        (0.00001, 0.004, 0.0, "+0.001 to +0.400 points"),
        (0.0, 0.004, 0.0, "+0.00 to +0.40 points"),
        (-0.004, -0.0000002, 0.0, "−0.40000 to −0.00002 points"),
        (0.00101, 0.004, 0.001, "+0.101 to +0.400 points"),
    ],
)
def test_an_interval_never_looks_as_if_it_ended_on_the_line_it_keeps_clear_of(
    low, high, margin, expected
):
    assert interval_range(Interval(low, high, 0.95), margin, "accuracy") == expected


LOSS = PublishedNumber(None, "mnist", "test", 10_000, 1, measure="log_loss", value=0.2)


def losses(mean, seed, right=0.95):
    """Networks of one config whose losses have this mean, right on the same share of images."""
    rng = np.random.default_rng(seed)
    values = rng.exponential(mean, 2000) + rng.normal(0, 0.001, (5, 2000))
    is_right = np.tile(np.arange(2000) < right * 2000, (5, 1))
    labels = np.zeros(2000, dtype=np.int32)
    return scores(MEASURES["log_loss"], is_right, labels, np.maximum(values, 0))


def test_an_answer_on_a_loss_is_about_the_lower_one_and_has_both_accuracies():
    sides = losses(0.1, 1, 0.97), losses(0.2, 2)
    found = against_baseline("trial 17", sides, Terms(measure="log_loss"))

    assert found.sentence == (
        "BEATS: trial 17 has a lower log loss than the re-run baseline on test, −0.0969 nats in "
        "the mean over seeds (log loss 0.0990 nats against 0.1959 nats, n = 2,000, 5 seeds each, "
        "96 % interval −0.1072 to −0.0868 nats); accuracy 97.00 % against 95.00 %."
    )
    assert (found.measure, found.accuracies) == ("log_loss", (0.97, 0.95))
    assert found.interval.low < found.difference < found.interval.high < 0


def test_a_higher_loss_does_not_beat_and_a_margin_is_in_nats():
    sides = losses(0.2, 2), losses(0.1, 1)
    worse = against_baseline("trial 17", sides, Terms(measure="log_loss"))
    better = against_baseline("trial 17", sides[::-1], Terms(0.2, "log_loss"))
    open_still = against_baseline("trial 17", sides[::-1], Terms(0.09, "log_loss"))

    assert worse.sentence.startswith(
        "DOES NOT BEAT: trial 17 has a higher log loss than the re-run baseline on test, "
        "+0.0969 nats in the mean over seeds ("
    )
    assert better.sentence.startswith(
        "DOES NOT BEAT: trial 17 has not a lower log loss than the re-run baseline by more than "
        "the margin of 0.2000 nats on test, −0.0969 nats in the mean over seeds ("
    )
    assert open_still.answer == "CAN'T TELL"
    assert open_still.reason == (
        "the interval −0.1072 to −0.0868 nats includes the margin of −0.0900 nats"
    )


def test_images_seen_in_training_can_make_as_much_of_a_loss_as_one_was_seen_to_cost():
    sides = losses(0.1, 1), losses(0.2, 2)
    few = against_baseline("trial 17", sides, Terms(measure="log_loss", leaked_n=20))
    many = against_baseline("trial 17", sides, Terms(measure="log_loss", leaked_n=200))

    assert (few.answer, many.answer) == ("BEATS", "CAN'T TELL")


def test_balanced_accuracy_is_answered_in_points():
    labels = (np.arange(2000) < 200).astype(np.int32)
    sides = [
        scores(MEASURES["balanced_accuracy"], flat(share, n=2000).correct, labels)
        for share in (0.98, 0.9)
    ]
    found = against_baseline("trial 17", tuple(sides), Terms(measure="balanced_accuracy"))

    assert found.sentence.startswith(
        "BEATS: trial 17 has a higher balanced accuracy than the re-run baseline on test, "
        "+4.44 points in the mean over seeds (balanced accuracy 98.89 % against 94.44 %, "
    )


def test_a_published_loss_is_answered_on_that_loss_alone():
    own = losses(0.1, 1, 0.97)
    found = against_published("trial 17", own, LOSS, "mnist", Terms(measure="log_loss"))
    other = against_published("trial 17", own, PUBLISHED, "mnist", Terms(measure="log_loss"))

    assert found.sentence.startswith(
        "BEATS: trial 17 has a lower log loss than the published 0.2000 nats on test, "
        "−0.1010 nats in the mean over seeds (log loss 0.0990 nats on test, n = 2,000, 5 seeds, "
    )
    assert found.sentence.endswith("n = 10,000); accuracy 97.00 %.")
    assert other.sentence == (
        "CAN'T TELL whether trial 17 has a lower log loss than the published number on test: the "
        "published number is of accuracy, and this study answers on log loss."
    )
    assert other.measure == "log_loss"
