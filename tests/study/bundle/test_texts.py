import pytest

from study.bundle.texts import words


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("a\n# Title", "a\\\\n\\# Title"),
        ("[x](http://example.org)", "\\[x\\](http://example.org)"),
        ("a | b", "a \\| b"),
        ("`code`", "\\`code\\`"),
    ],
)
def test_names_cannot_become_markup_of_a_card(hostile: str, shown: str) -> None:
    assert words(hostile) == shown


@pytest.mark.parametrize("plain", ["mnist", "0", "T-shirt/top", "Ankle boot", "BEATS: +0.2, n = 5"])
def test_plain_names_stay_as_they_are(plain: str) -> None:
    assert words(plain) == plain
