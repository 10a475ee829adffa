from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reports.record import DataWarning
from study.data.checks import Finding, find_all, find_concerns
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
        "test classes": "classes without a test image: c",
    }


def test_values_far_below_full_scale_are_a_warning(arrays: Arrays, training: TrainingData) -> None:
    warnings = warnings_of({**arrays, "x_test": arrays["x_test"] % 16}, training.about)
    assert warnings["scale"] == ("the largest value is 27.8% of the full scale: is it right?")


def test_inputs_that_never_differ_are_a_warning(arrays: Arrays, training: TrainingData) -> None:
    arrays["x_train"] = np.full((12, 2, 3), 200, np.uint8)
    assert warnings_of(arrays, training.about)["pixels"] == (
        "6 of 6 are the same in every training input"
    )
