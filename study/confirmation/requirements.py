"""What an answer needs of the data, checked before anything is trained for it."""

from reports.statistics.crossed import LEAST_IMAGES
from search_spaces.faults import fault
from study.data.load import LoadedData


def check_test_size(loaded: LoadedData) -> None:
    """Raise FaultError where there are too few test images for an interval of any answer."""
    if loaded.test.test_n < LEAST_IMAGES:
        what = "too few test images to answer on: with one, nothing shows how much images differ"
        where = f"data {loaded.training.about.name}, test split"
        raise fault(where, what, str(loaded.test.test_n), f"at least {LEAST_IMAGES}")
