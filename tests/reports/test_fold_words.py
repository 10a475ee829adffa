"""On folds, words say how many and n wherever they say which split scored trials."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from reports.cards.curves import curves_card
from reports.cards.setup import data_card, repeat_card
from reports.comparison import render_comparison
from reports.fold_words import curves_title, rows_words, sizes_words, splits_and_sizes
from reports.json_record import record_from_json, record_to_json
from reports.page import render_page
from reports.record import StudyRecord
from reports.study_commands import commands
from reports.summary import render_summary
from reports.trial_rows import trial_row
from reports.views.answer import tiles, unconfirmed
from reports.views.stops import stops_view

MakeRecord = Callable[..., StudyRecord]


@pytest.fixture
def on_folds(make_record: MakeRecord) -> StudyRecord:
    """A study of 1,437 images on 3 folds."""
    record = make_record(30, answer=None)
    data = replace(record.data, train_n=958, validation_n=1437, class_counts=(700, 737), test_n=360)
    trials = tuple(replace(one, n=1437, folds=3) for one in record.trials)
    return replace(record, data=data, trials=trials, folds=3)


@pytest.mark.parametrize("folds", [None, 1])
def test_one_split_is_named_by_its_n_alone(folds: int | None) -> None:
    assert rows_words(1437, folds) == "n = 1,437"


def test_folds_are_named_with_their_n() -> None:
    assert rows_words(1437, 5) == "5 folds, n = 1,437"


def test_the_head_says_that_training_images_are_in_folds(on_folds: StudyRecord) -> None:
    sizes = "1,437 training in 3 folds, 360 test images"
    assert sizes_words(on_folds) == sizes
    assert splits_and_sizes(on_folds) == ("training, test", "1,437 in 3 folds, 360 images")
    assert sizes in render_summary(on_folds)
    page = render_page(on_folds)
    assert sizes in page
    assert "validation accuracy (3 folds, n = 1,437)" in page
    assert "validation accuracy (3 folds, n = 1,437, one seed each)" in page


def test_whatever_names_the_rows_of_trials_names_their_folds(on_folds: StudyRecord) -> None:
    where = re.compile(r"\(3 folds, n = 1,437, seed \d+\)|3 folds, n = 1,437, one seed each")
    assert where.search(unconfirmed(on_folds).sentence)
    assert all("3 folds, n = 1,437" in tile.about for tile in tiles(on_folds)[:2])
    assert "(validation, 3 folds, n = 1,437, one seed each)" in render_summary(on_folds)
    assert "data: training, test" not in str(data_card(on_folds).finding)
    assert data_card(on_folds).finding == (
        f"{on_folds.data.name}: training, test: 1,437 in 3 folds, 360 images of "
        f"{len(on_folds.data.classes)} classes."
    )


def test_curves_are_said_to_be_those_of_the_first_fold(
    on_folds: StudyRecord, make_record: MakeRecord
) -> None:
    assert curves_title(on_folds) == "validation accuracy (first of 3 folds, n = 479)"
    assert curves_card(on_folds).notes[-1] == (
        "A trial has one curve, that of the first of its 3 folds; what it reached is over all of "
        "them. A pruned trial was trained on the first alone."
    )
    one_split = make_record(30, answer=None)
    assert not any("folds" in note for note in curves_card(one_split).notes)
    assert curves_title(one_split) == "validation accuracy (n = 10,000)"


def test_a_pruned_trial_saves_the_epochs_of_the_other_folds_too(on_folds: StudyRecord) -> None:
    once = replace(
        on_folds, folds=1, trials=tuple(replace(one, folds=None) for one in on_folds.trials)
    )
    pruned = [one for one in on_folds.trials if one.state == "pruned"]
    more = sum(2 * one.config["epochs"] for one in pruned)
    assert stops_view(on_folds).saved_epochs == stops_view(once).saved_epochs + more
    complete = [one for one in on_folds.trials if one.state == "complete"]
    more = sum(2 * len(one.curve) for one in complete)
    assert stops_view(on_folds).trained_epochs == stops_view(once).trained_epochs + more


def test_how_to_repeat_it_names_the_folds(on_folds: StudyRecord, make_record: MakeRecord) -> None:
    assert " --folds 3 --name " in commands(on_folds)[0]
    assert " --folds 1 --name " in commands(make_record(30, answer=None))[0]
    given = replace(on_folds, candidates="given")
    assert ", folds=3)" in commands(given)[0]
    facts = str(repeat_card(on_folds).blocks)
    assert "('folds', '3')" in facts
    assert "folds' seed" in facts


def test_studies_on_folds_and_on_one_split_are_not_compared(
    on_folds: StudyRecord, make_record: MakeRecord
) -> None:
    one_split = replace(make_record(30, answer=None), name="other", data=on_folds.data)
    page = render_comparison([on_folds, one_split])
    assert f"3 folds of seed {on_folds.split_seed}" in page
    assert f"validation split of seed {one_split.split_seed}" in page


def test_a_table_of_trials_has_folds_where_there_are_such(
    on_folds: StudyRecord, make_record: MakeRecord
) -> None:
    assert trial_row(on_folds.trials[0])["folds"] == 3
    assert "folds" not in trial_row(make_record(30, answer=None).trials[0])


def test_a_record_on_folds_comes_back_as_it_was(on_folds: StudyRecord) -> None:
    assert record_from_json(record_to_json(on_folds), "r") == on_folds
