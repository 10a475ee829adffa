"""What is said of the weights of a study's rows."""

from reports.data_record import DataRecord


def weights_words(data: DataRecord) -> str:
    """Say by which column rows count, and how many that count the same they are worth.

    The numbers are those of training, validation (without folds) and test; "" where all rows count
    the same.
    """
    if not data.weight:
        return ""
    sizes = ", ".join(f"{one:,.0f}" for one in data.effective_n)
    return f"weighted by {data.weight}, effective n = {sizes}"
