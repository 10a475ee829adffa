"""Numbers as people read them."""

import pytest

from reports.numbers import count, duration, percent, plural, points, scalar


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (percent(0.984), "98.40 %"),
        (percent(None), "–"),
        (percent(0.5, 0), "50 %"),
        (points(0.004), "+0.40 points"),
        (points(-0.0035), "−0.35 points"),
        (points(None), "–"),
        (count(10000), "10,000"),
        (count(None), "–"),
        (duration(None), "–"),
        (duration(2.84), "2.8 s"),
        (duration(59.4), "59 s"),
        (duration(59.6), "1 min 00 s"),
        (duration(192), "3 min 12 s"),
        (duration(3900), "1 h 05 min"),
        (duration(200000), "2 d 7 h"),
        (scalar(True), "yes"),
        (scalar(0.000123456), "0.0001235"),
        (scalar(1138), "1138"),
        (scalar(None), "–"),
        (plural(1, "trial"), "1 trial"),
        (plural(1200, "trial"), "1,200 trials"),
        (plural(2, "study", "studies"), "2 studies"),
    ],
)
def test_numbers_read_with_their_units(text: str, expected: str) -> None:
    assert text == expected
