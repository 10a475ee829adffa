"""What an answer needs of the data, checked before anything is trained for it."""

from reports.statistics.two_way import LEAST_IMAGES
from search_spaces.faults import fault
from study.data.load import LoadedData


def check_test_size(loaded: LoadedData) -> None:
    """Raise FaultError where there are too few test images for an interval of any answer.

    Images that belong together count as one.
    """
    inputs = loaded.training.about.inputs
    where = f"data {loaded.training.about.name}, test split"
    if loaded.test.test_n < LEAST_IMAGES:
        what = f"too few test {inputs} to answer on: one does not show how much {inputs} differ"
        raise fault(where, what, str(loaded.test.test_n), f"at least {LEAST_IMAGES}")
    groups = loaded.concerns.test_groups
    if groups is not None and groups < LEAST_IMAGES:
        what = f"all test {inputs} belong together, and nothing shows how much others would differ"
        raise fault(where, what, f"{groups} group", f"at least {LEAST_IMAGES} groups")
