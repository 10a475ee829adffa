"""Sound spaces: what each line means; and any text is a space or a known fault."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, SearchStrategy

from search_spaces.faults import Fault, FaultError
from search_spaces.read import read_space
from search_spaces.space import Between, ChoiceDomain, FloatDomain, IntDomain, OneOf, Space
from search_spaces.write import write_space

WIDTH = '[parameters.width]\ntype = "int"\nlow = 64\nhigh = 1024\n'
OPTIMIZER = '[parameters.optimizer]\ntype = "choice"\nvalues = ["adam", "sgd"]\n'
PUBLISHED = """\
[baseline.published]
accuracy = 0.984
data = "mnist"
split = "test"
n = 10000
runs = 1
source = "a page"
"""


SOUND = {
    "low equal to high": (
        '[parameters.width]\ntype = "int"\nlow = 512\nhigh = 512\nlog = true\n',
        "width",
        IntDomain(512, 512, log=True),
    ),
    "a step that reaches high": (f"{WIDTH}step = 64\n", "width", IntDomain(64, 1024, 64)),
    "a step that no binary fraction reaches": (
        '[parameters.dropout]\ntype = "float"\nlow = 0.1\nhigh = 0.4\nstep = 0.1\n',
        "dropout",
        FloatDomain(0.1, 0.4, 0.1),
    ),
    "whole numbers for a float": (
        '[parameters.dropout]\ntype = "choice"\nvalues = [0, 0.2]\n',
        "dropout",
        ChoiceDomain((0.0, 0.2)),
    ),
    "minus nought": (
        '[parameters.dropout]\ntype = "float"\nlow = -0.0\nhigh = 0.5\n',
        "dropout",
        FloatDomain(0.0, 0.5),
    ),
    "a choice of whole numbers": (
        '[parameters.batch_size]\ntype = "choice"\nvalues = [64, 128]\n',
        "batch_size",
        ChoiceDomain((64, 128)),
    ),
    "a choice of one": (
        '[parameters.nesterov]\ntype = "choice"\nvalues = [false]\n',
        "nesterov",
        ChoiceDomain((False,)),
    ),
}


@pytest.mark.parametrize(("text", "name", "domain"), SOUND.values(), ids=SOUND.keys())
def test_a_sound_neighbour_of_a_malformed_space_is_read(
    text: str, name: str, domain: object
) -> None:
    (parameter,) = read_space(f'name = "mine"\n{text}', "my.toml").parameters
    assert (parameter.name, parameter.domain) == (name, domain)


CONDITIONS = {
    "a value": ('when.optimizer = "sgd"', {"optimizer": OneOf(("sgd",))}),
    "a list": ('when.optimizer = ["sgd", "adam"]', {"optimizer": OneOf(("sgd", "adam"))}),
    "a range": ("when.epochs = { low = 3, high = 7 }", {"epochs": Between(3, 7)}),
    "an open range": ("when.epochs = { low = 3 }", {"epochs": Between(3, 10000)}),
    "a value partly out of the searched ones": (
        'when.optimizer = ["sgd", "lion"]',
        {"optimizer": OneOf(("sgd", "lion"))},
    ),
    "two": (
        'when.epochs = 5\nwhen.optimizer = "sgd"',
        {"optimizer": OneOf(("sgd",)), "epochs": OneOf((5,))},
    ),
}


@pytest.mark.parametrize(("line", "when"), CONDITIONS.values(), ids=CONDITIONS.keys())
def test_conditions_are_read(line: str, when: object) -> None:
    text = f'name = "mine"\n{OPTIMIZER}{WIDTH}{line}\n[fixed]\nepochs = 5\n'
    parameters = {p.name: p for p in read_space(text, "my.toml").parameters}
    assert parameters["width"].when == when


def test_parameters_come_in_the_vocabularys_order_each_after_those_its_conditions_name() -> None:
    conditional = f'{WIDTH}when.optimizer = "adam"\n'
    depth = '[parameters.depth]\ntype = "choice"\nvalues = [1, 2]\n'
    epochs = '[parameters.epochs]\ntype = "choice"\nvalues = [3, 5]\n'
    one = read_space(f'name = "mine"\n{epochs}{conditional}{depth}{OPTIMIZER}', "my.toml")
    other = read_space(f'name = "mine"\n{OPTIMIZER}{depth}{conditional}{epochs}', "my.toml")
    assert [p.name for p in one.parameters] == ["depth", "optimizer", "width", "epochs"]
    assert one == other


def test_a_space_without_a_baseline_has_the_classic_one() -> None:
    space = read_space(f'name = "mine"\n{WIDTH}', "my.toml")
    assert (space.about, space.fixed, space.baseline.params) == ("", {}, {})
    assert space.baseline.published is None


def test_the_published_figure_is_read_with_its_split_and_source() -> None:
    found = read_space(f'name = "mine"\n{WIDTH}{PUBLISHED}', "my.toml").baseline.published
    assert found is not None
    assert (found.accuracy, found.split, found.n, found.runs) == (0.984, "test", 10000, 1)


def read_or_faults(text: str) -> tuple[Fault, ...]:
    try:
        read_space(text, "any.toml")
    except FaultError as error:
        return error.faults
    return ()


@given(st.text(alphabet="[]{}=.\"'\n#ab1 "))
def test_any_text_is_a_space_or_known_faults(text: str) -> None:
    # no text of these letters can name a parameter
    assert read_or_faults(text)


JUNK = ["[]", "{}", "nan", "true", '"x"', "-1", "0", "1e400", "2024-01-01", "[[1]]", "{low = 1}"]


@given(st.data())
def test_any_value_in_any_place_is_a_space_or_known_faults(
    spaces: SearchStrategy[Space], data: DataObject
) -> None:
    lines = write_space(data.draw(spaces)).split("\n")
    places = [place for place, line in enumerate(lines) if " = " in line]
    for place in data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=3)):
        key = lines[place].split(" = ")[0]
        lines[place] = f"{key} = {data.draw(st.sampled_from(JUNK))}"
    faults = read_or_faults("\n".join(lines))
    assert all(fault.where.startswith("any.toml") for fault in faults)
