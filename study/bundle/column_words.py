"""What a bundle's network makes of each column of a table, in words."""

from collections.abc import Sequence

from reports.numbers import plural
from search_spaces.parameters import Scaling
from study.data.columns import Column
from study.data.preparation import NOWHERE, CategoryFeatures, NumberFeatures, Preparation

_SCALED: dict[Scaling, str] = {
    "standard": "minus its mean, over its standard deviation",
    "quantile_normal": "mapped by its quantiles to a normal distribution",
    "quantile_uniform": "mapped by its quantiles to a uniform distribution",
}
_LEFT_OUT = "left out: it does not vary"


def column_words(
    columns: Sequence[Column], preparation: Preparation, scaling: Scaling
) -> list[tuple[str, str, str]]:
    """Return name, type and use of each column."""
    numbers = {one.index: one for one in preparation.numbers}
    categories = {one.index: one for one in preparation.categories}
    found = []
    for index, column in enumerate(columns):
        if column.levels is None:
            number = numbers.get(index)
            words = _LEFT_OUT if number is None else _number(number, scaling)
            found.append((column.name, "number", words))
        else:
            category = categories.get(index)
            words = _LEFT_OUT if category is None else _category(category)
            found.append((column.name, plural(len(column.levels), "level"), words))
    return found


def _number(number: NumberFeatures, scaling: Scaling) -> str:
    words = []
    if number.knots:
        words.append(_SCALED[scaling])
        words.append(f"{number.fill:g} where it is missing")
    if number.flagged:
        words.append("a feature that says whether it is missing")
    return "; ".join(words)


def _category(category: CategoryFeatures) -> str:
    words = [f"one-hot in {plural(category.features, 'feature')}"]
    rare = sum(place == category.unseen for place in category.places)
    if category.unseen != NOWHERE and rare:
        words.append(f"{plural(rare, 'rare level')} and unknown ones in one")
    if category.missing not in (NOWHERE, category.unseen):
        words.append("missing values in one of their own")
    return "; ".join(words)
