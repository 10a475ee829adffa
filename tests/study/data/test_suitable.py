"""What prepares a table's columns is refused for images, by one message."""

from dataclasses import replace

import pytest

from search_spaces.faults import FaultError
from search_spaces.read import load_space, read_space
from study.config import config_from_params
from study.data.columns import Column
from study.data.suitable import check_config, check_space
from study.data.values import About

IMAGES = About("digits", (8, 8), ("0", "1"), 16.0, "0" * 64, 10)
TABLE = replace(IMAGES, name="wine", image_shape=(1,), columns=(Column("a", None),))
SPACE = read_space(
    """
name = "mine"
[parameters.scaling]
type = "choice"
values = ["standard", "quantile_normal"]
[fixed]
rare_level_share = 0.05
[baseline]
rare_level_share = 0.05
""",
    "mine",
)


def test_a_space_that_names_them_is_refused_for_images_alone():
    check_space(SPACE, TABLE)
    check_space(load_space("four"), IMAGES)
    with pytest.raises(FaultError) as caught:
        check_space(SPACE, IMAGES)
    assert str(caught.value) == (
        "search space mine: prepares the columns of a table, and this data has none; got scaling, "
        "rare_level_share; allowed: leave it out for digits"
    )


def test_a_config_that_has_them_is_refused_for_images_alone():
    config = config_from_params({"scaling": "quantile_uniform"})
    check_config(config, TABLE)
    check_config(config_from_params({"scaling": "standard"}), IMAGES)
    with pytest.raises(FaultError) as caught:
        check_config(config, IMAGES)
    assert str(caught.value) == (
        "config: prepares the columns of a table, and this data has none; got scaling; "
        "allowed: leave it out for digits"
    )
