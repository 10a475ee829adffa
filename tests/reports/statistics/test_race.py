import pytest

from reports.statistics.race import eliminated


def test_a_candidate_clearly_behind_the_leader_is_eliminated():
    accuracies = {
        "trial 1": (0.980, 0.982, 0.981),
        "trial 2": (0.979, 0.982, 0.980),
        "trial 3": (0.950, 0.951, 0.949),
    }

    assert eliminated(accuracies) == ("trial 3",)


@pytest.mark.parametrize(
    "accuracies",
    [
        {},
        {"trial 1": (0.9, 0.9)},
        {"trial 1": (0.9,), "trial 2": (0.1,)},
        {"trial 1": (0.980, 0.970), "trial 2": (0.970, 0.979)},
        {"trial 1": (0.98, 0.97), "trial 2": (0.98, 0.97)},
    ],
    ids=["nobody", "alone", "one round", "no clear order", "equal"],
)
def test_nobody_is_eliminated(accuracies):
    assert eliminated(accuracies) == ()
