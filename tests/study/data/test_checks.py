from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from reports.data_record import DataWarning
from study.data.check_findings import Finding
from study.data.checks import find_all, find_concerns
from study.data.concerns import Concerns
from study.data.parse import whole_data
from study.data.values import About, TrainingData

Arrays = dict[str, NDArray[Any]]


def findings_of(arrays: Arrays, about: About) -> tuple[Finding, ...]:
    whole = whole_data(arrays)
    return find_all(replace(about, classes=whole.classes), whole)


def warnings_of(arrays: Arrays, about: About) -> dict[str, str]:
    return {finding.topic: finding.text for finding in findings_of(arrays, about) if finding.warns}


def test_sound_data_is_described_without_a_warning(arrays: Arrays, training: TrainingData) -> None:
    much = {name: np.repeat(array, 3, axis=0) for name, array in arrays.items()}
    much["x_train"] = np.arange(36 * 6).reshape(36, 2, 3)
    much["x_test"] = 216 + np.arange(18 * 6).reshape(18, 2, 3) * 400
    assert findings_of(much, training.about) == (
        Finding("content", f"some, fingerprint {training.about.fingerprint}"),
        Finding("shapes", "36 training and 18 test inputs of 2 x 3, uint16"),
        Finding("classes", "3 (training + test): 0: 12 + 6; 1: 12 + 6; 2: 12 + 6"),
        Finding(
            "balance", "the most frequent class has 1.00 times the training images of the rarest"
        ),
        Finding("values", "0 to 43016, divided by 65535"),
        Finding("pixels", "0 of 6 are the same in every training input"),
        Finding("repeats", "0 training inputs repeat an earlier one"),
        Finding("leaks", "0 of 18 test inputs are also training inputs", on_claim=True),
        Finding("conflicts", "0 inputs come with more than one label", on_claim=True),
        Finding("near copies", "not looked for: fewer than 16 numbers are close by chance"),
    )


def copied_images(copies: int) -> Arrays:
    """Noise of 6 x 6, 40 to train on and 12 to test on; of each test image so many copies."""
    x = np.random.default_rng(0).integers(0, 256, (52, 6, 6), dtype=np.uint8)
    y = np.arange(52) % 2
    test = np.repeat(x[40:], copies, axis=0)
    # All but the first copy of each are nearly it.
    test[np.arange(len(test)) % copies > 0] ^= 1
    return {"x_train": x[:40], "y_train": y[:40], "x_test": test, "y_test": y[40:].repeat(copies)}


def test_test_images_with_near_copies_come_in_groups(training: TrainingData) -> None:
    arrays = copied_images(5)
    arrays["x_train"][3] = arrays["x_test"][0] ^ 2
    found = {finding.topic: finding for finding in findings_of(arrays, training.about)}
    assert found["groups"] == Finding(
        "groups",
        "60 test inputs in 12 groups of inputs that belong together",
        warns=True,
        on_claim=True,
    )
    assert found["leaks"] == Finding(
        "leaks",
        "0 of 60 test inputs are also training inputs, and 5 more are nearly one",
        warns=True,
        on_claim=True,
        rows=5,
    )
    assert found["near copies"].text == (
        "looked for within 6% of the spread of the inputs, not moved or turned"
    )
    whole = whole_data(arrays)
    concerns = find_concerns(replace(training.about, classes=whole.classes), whole)
    assert (concerns.leaked_n, concerns.nearly_leaked_n, concerns.test_groups) == (0, 5, 12)
    assert [one.topic for one in concerns.warnings] == ["leaks", "groups"]


def test_near_copies_among_training_images_are_counted(training: TrainingData) -> None:
    arrays = copied_images(1)
    arrays["x_train"][3] = arrays["x_train"][4] ^ 1
    found = {finding.topic: finding for finding in findings_of(arrays, training.about)}
    assert found["repeats"].text == (
        "0 training inputs repeat an earlier one, and 2 are nearly another one"
    )


def test_what_was_not_looked_at_for_near_copies_is_said(
    training: TrainingData, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("study.data.copies.MOST_ROWS", 20)
    for module in ("near", "checks"):
        monkeypatch.setattr(f"study.data.{module}.NEIGHBOURS", 1)
    arrays = copied_images(3)
    found = {finding.topic: finding for finding in findings_of(arrays, training.about)}
    assert found["near copies"].text == (
        "looked for within 6% of the spread of the inputs, not moved or turned; 44 of 64 "
        "distinct inputs were not looked at; of 20 inputs only the 1 nearest were"
    )


def test_test_images_that_are_training_images_are_a_warning(
    arrays: Arrays, training: TrainingData
) -> None:
    arrays["x_test"] = np.concatenate((arrays["x_train"][[0, 0, 2, 3]], arrays["x_test"][:2]))
    warnings = warnings_of(arrays, training.about)
    assert warnings["leaks"] == "4 of 6 test inputs are also training inputs"
    # Of these, the second copy has class 1 where the training image has class 0.
    assert warnings["conflicts"] == "1 inputs come with more than one label"


def test_warnings_that_matter_for_accuracies_are_kept_with_the_data(
    arrays: Arrays, training: TrainingData
) -> None:
    arrays["x_test"] = np.concatenate((arrays["x_train"][[0, 1, 2, 3]], arrays["x_test"][:2]))
    whole = whole_data(arrays)

    found = find_concerns(replace(training.about, classes=whole.classes), whole)

    assert found == Concerns(
        (
            DataWarning("scale", "the largest value is 32.5% of the full scale: is it right?"),
            DataWarning("leaks", "4 of 6 test inputs are also training inputs"),
        ),
        leaked_n=4,
    )


def test_conflicting_labels_within_training_images_are_a_warning(
    arrays: Arrays, training: TrainingData
) -> None:
    arrays["x_train"] = arrays["x_train"][[0, 0, 0, 3, 4, 5, 6, 6, 8, 9, 10, 11]]
    found = {finding.topic: finding for finding in findings_of(arrays, training.about)}
    assert found["repeats"].text == "3 training inputs repeat an earlier one"
    assert found["conflicts"] == Finding(
        "conflicts", "2 inputs come with more than one label", warns=True, on_claim=True
    )


def test_uneven_rare_and_untested_classes_are_warnings(training: TrainingData) -> None:
    labels = np.array(["a"] * 31 + ["b"] * 10 + ["c"] * 9)
    values = np.arange(300, dtype=np.uint16).reshape(50, 6) * 200
    warnings = warnings_of(
        {
            "x_train": values,
            "y_train": labels,
            "x_test": values[:4] + 1,
            "y_test": np.array(["a", "b", "a", "b"]),
        },
        training.about,
    )
    assert warnings == {
        "balance": "the most frequent class has 3.44 times the training images of the rarest",
        "few images": "fewer than 10 training images: c",
        "test classes": "classes without test images: c",
    }


def test_values_far_below_full_scale_are_a_warning(arrays: Arrays, training: TrainingData) -> None:
    warnings = warnings_of({**arrays, "x_test": arrays["x_test"] % 16}, training.about)
    assert warnings["scale"] == ("the largest value is 27.8% of the full scale: is it right?")


def test_inputs_that_never_differ_are_a_warning(arrays: Arrays, training: TrainingData) -> None:
    arrays["x_train"] = np.full((12, 2, 3), 200, np.uint8)
    assert warnings_of(arrays, training.about)["pixels"] == (
        "6 of 6 are the same in every training input"
    )
