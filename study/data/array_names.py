"""What the arrays of a file are, by the names that people give them."""

from collections.abc import Iterable, Mapping

from study.data.arrays import ARRAYS

_TRAINING = ("x", "y")
# Each array by its own name, in the order of ARRAYS, or of inputs and labels without a test split.
_FOUR = (
    ("X_train", "y_train", "X_test", "y_test"),
    ("X_train", "Y_train", "X_test", "Y_test"),
    ("train_images", "train_labels", "test_images", "test_labels"),
    ("train_data", "train_labels", "test_data", "test_labels"),
    ("train_x", "train_y", "test_x", "test_y"),
    ("train_X", "train_y", "test_X", "test_y"),
)
_TWO = (
    ("X", "y"),
    ("x", "y"),
    ("X", "Y"),
    ("data", "target"),
    ("data", "labels"),
    ("data", "label"),
    ("images", "labels"),
    ("features", "labels"),
    ("features", "target"),
    ("inputs", "targets"),
    ("inputs", "labels"),
    ("arr_0", "arr_1"),
)


def known_names(found: Iterable[str]) -> Mapping[str, str] | None:
    """Return what each array that is taken stands for: names of ARRAYS, or x and y.

    None where the names are ours already, or tell nothing.
    """
    there = set(found)
    if there & set(ARRAYS) and "X_train" not in there:
        return None
    for names in _FOUR:
        if there >= set(names):
            return dict(zip(names, ARRAYS, strict=True))
    has_four = "arr_2" in there
    for pair in _TWO:
        if there >= set(pair) and not (pair[0] == "arr_0" and has_four):
            return dict(zip(pair, _TRAINING, strict=True))
    return None
