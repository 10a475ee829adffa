"""What an answer needs of the data, checked before anything is trained for it."""

from reports.statistics.two_way import LEAST_IMAGES
from search_spaces.faults import fault
from study.data.load import LoadedData


def check_test_size(loaded: LoadedData) -> None:
    """Raise FaultError where there are too few test images for an interval of any answer.

    Images that belong together count as one.
    """
    where = f"data {loaded.training.about.name}, test split"
    if loaded.test.test_n < LEAST_IMAGES:
        what = "too few test images to answer on: with one, nothing shows how much images differ"
        raise fault(where, what, str(loaded.test.test_n), f"at least {LEAST_IMAGES}")
    groups = loaded.concerns.test_groups
    if groups is not None and groups < LEAST_IMAGES:
        what = "all test images belong together, and nothing shows how much others would differ"
        raise fault(where, what, f"{groups} group", f"at least {LEAST_IMAGES} groups")
