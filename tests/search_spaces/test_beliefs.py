import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_spaces.beliefs import belief_text, believed_range, is_believed
from search_spaces.change import changed_space
from search_spaces.faults import FaultError
from search_spaces.fingerprint import space_fingerprint
from search_spaces.read import read_space
from search_spaces.space import Belief, ChoiceDomain, FloatDomain, IntDomain

TEXT = """\
name = "mine"

[parameters.width]
type = "int"
low = 16
high = 256
log = true

[parameters.dropout]
type = "float"
low = 0.0
high = 0.6

[parameters.optimizer]
type = "choice"
values = ["adam", "sgd"]

[believe]
optimizer = { about = "adam" }
width = { about = 200, within = 2 }
dropout = { about = 0.2, within = 0.1 }

[baseline]
width = 64
"""


def test_beliefs_are_read_in_the_vocabularys_order() -> None:
    beliefs = read_space(TEXT, "mine.toml").beliefs
    assert list(beliefs.items()) == [
        ("width", Belief(200, 2.0)),
        ("dropout", Belief(0.2, 0.1)),
        ("optimizer", Belief("adam")),
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "{ about = 200",
            "{ about = 300",
            (
                "[believe.width] about: not in the domain of width; got "
                "300; allowed: a whole number from 16 to 256"
            ),
        ),
        ("about = 200", "about = 'x'", "[believe.width] about: "),
        (
            "within = 2",
            "within = 1",
            (
                "[believe.width] within: not a factor to divide and multiply "
                "by; got 1; allowed: a number above 1, up to 1000"
            ),
        ),
        (
            "within = 2",
            "within = inf",
            (
                "[believe.width] within: not a factor to divide and "
                "multiply by; got inf; allowed: a number above 1, up to 1000"
            ),
        ),
        (
            "within = 0.1",
            "within = 0",
            ("[believe.dropout] within: not a distance; got 0; allowed: a number above 0"),
        ),
        (", within = 0.1", "", "[believe.dropout] within: missing"),
        ("{ about = 200, within = 2 }", "{ within = 2 }", "[believe.width] about: missing"),
        (
            '"adam" }',
            '"adam", within = 2 }',
            ("[believe.optimizer] within: unknown key; allowed: about"),
        ),
        (
            '{ about = "adam" }',
            '{ about = "lion" }',
            (
                "[believe.optimizer] about: not in the domain "
                "of optimizer; got 'lion'; allowed: 'adam', 'sgd'"
            ),
        ),
        (
            "optimizer = {",
            "optimiser = {",
            (
                "[believe] optimiser: unknown parameter (did you mean "
                "optimizer?); allowed: width, dropout, optimizer"
            ),
        ),
        (
            "width = { about = 200, within = 2 }",
            "depth = { about = 2, within = 1 }",
            (
                "[believe] "
                "depth: a belief about what is not searched; allowed: width, dropout, optimizer"
            ),
        ),
        ("width = { about = 200, within = 2 }", "width = 3", "[believe] width: not a table; got 3"),
    ],
)
def test_a_faulty_belief_is_named_with_its_place(old: str, new: str, message: str) -> None:
    with pytest.raises(FaultError) as caught:
        read_space(TEXT.replace(old, new), "mine.toml")
    first = str(caught.value.faults[0])
    assert first.startswith(f"mine.toml: {message}")


def test_all_faulty_beliefs_are_named_at_once() -> None:
    faulty = TEXT.replace("within = 2", "within = 1").replace("about = 0.2", "about = 0.9")
    with pytest.raises(FaultError) as caught:
        read_space(faulty, "mine.toml")
    assert [str(one).split(":")[1] for one in caught.value.faults] == [
        " [believe.width] within",
        " [believe.dropout] about",
    ]


def test_a_belief_about_a_parameter_with_a_fault_brings_no_second_fault() -> None:
    with pytest.raises(FaultError) as caught:
        read_space(TEXT.replace("high = 256", "high = 8"), "mine.toml")
    assert [str(one) for one in caught.value.faults] == [
        "mine.toml: [parameters.width] low: low is above high; got 16; allowed: up to 8"
    ]


def test_a_range_reaches_by_a_factor_on_a_log_scale_and_stays_in_its_domain() -> None:
    assert believed_range(IntDomain(16, 256, log=True), Belief(200, 2.0)) == (100.0, 256)
    assert believed_range(FloatDomain(0.0, 0.6), Belief(0.05, 0.1)) == (
        0.0,
        pytest.approx(0.15),
    )


@pytest.mark.parametrize(
    ("domain", "belief", "inside", "outside", "words"),
    [
        (FloatDomain(1e-5, 1.0, log=True), Belief(0.001, 10.0), 0.01, 0.011, "0.0001 to 0.01"),
        (FloatDomain(0.0, 0.6, 0.1), Belief(0.2, 0.1), 0.30000000000000004, 0.4, "0.1 to 0.3"),
        (ChoiceDomain((True, 1)), Belief(True), True, 1, "true"),
        (ChoiceDomain(("adam", "sgd")), Belief("adam"), "adam", "sgd", "adam"),
    ],
)
def test_a_value_is_believed_up_to_the_ends(domain, belief, inside, outside, words) -> None:
    assert is_believed(domain, belief, inside)
    assert not is_believed(domain, belief, outside)
    assert belief_text(domain, belief) == words


@given(about=st.integers(16, 256), within=st.floats(1.001, 1000))
def test_what_is_believed_about_is_always_believed(about: int, within: float) -> None:
    assert is_believed(IntDomain(16, 256, log=True), Belief(about, within), about)


def test_beliefs_make_another_search_and_their_absence_the_old_one() -> None:
    without = TEXT[: TEXT.index("[believe]")] + TEXT[TEXT.index("[baseline]") :]
    spaces = [read_space(text, "mine.toml") for text in (TEXT, without)]
    prints = [space_fingerprint(space) for space in spaces]
    assert prints[0] != prints[1]
    assert prints[1] == "aa377c39d97abfbc"


def test_a_parameter_that_is_fixed_is_believed_in_no_more() -> None:
    changed = changed_space(read_space(TEXT, "mine.toml"), ["width=64"], [])
    assert list(changed.beliefs) == ["dropout", "optimizer"]
