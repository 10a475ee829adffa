"""The page in a real browser, without a network: drawn, quiet, usable, accessible."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reports.comparison import render_comparison
from reports.page import Live, render_page, render_update
from reports.record import StudyRecord
from reports.trial_record import TrialRecord
from reports.trials import winner_trial
from search_spaces.space import Space
from tests.reports.chromium import AXE, IN_A_BROWSER, Visit, visiting

pytestmark = IN_A_BROWSER
MakeRecord = Callable[..., StudyRecord]
HOSTILE = "<img src=x onerror=document.title='hacked'>\"'<script>document.title='hacked'</script>"


@pytest.fixture(scope="module")
def of_forty(
    browser: Any, make_record: MakeRecord, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[StudyRecord, Visit]]:
    """A record of forty trials and a visit of its page, each part of which one test uses."""
    with visiting(browser, tmp_path_factory.mktemp("forty")) as opened:
        record = make_record(40)
        yield record, opened(render_page(record))


DRAWN = """() => [...document.querySelectorAll("[data-figure]")]
    .filter((p) => !p.closest("[hidden], details:not([open])"))
    .filter((p) => !p.dataset.drawn || !p.querySelector("svg.main-svg .plot, svg.main-svg .bg"))
    .map((p) => p.dataset.figure)"""
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_the_page_is_drawn_whole_and_quietly_without_overflow(
    make_record: MakeRecord, visit: Callable[..., Visit], width: int, scheme: str
) -> None:
    seen = visit(render_page(make_record(60)), width, scheme)
    assert seen.run("() => document.querySelectorAll('[data-figure]').length") >= 20
    assert seen.run(DRAWN) == []
    assert seen.run(OVERFLOW) == 0
    assert seen.said == []
    assert seen.asked == []


@pytest.mark.parametrize(
    "kind", ["no trial", "one trial", "all failed", "all pruned", "forty", "conditional", "hostile"]
)
def test_odd_records_are_drawn_quietly_too(
    make_record: MakeRecord,
    visit: Callable[..., Visit],
    forty: Space,
    conditional: Space,
    kind: str,
) -> None:
    whole = make_record(20, answer=None)
    gone = {"accuracy": None, "loss": None}
    records = {
        "no trial": make_record(0),
        "one trial": make_record(1, answer=None),
        "all failed": replace(
            whole, trials=tuple(replace(t, state="failed", curve=(), **gone) for t in whole.trials)
        ),
        "all pruned": replace(
            whole,
            trials=tuple(
                replace(t, state="pruned", curve=t.curve[:1], **gone) for t in whole.trials
            ),
        ),
        "forty": make_record(40, space=forty),
        "conditional": make_record(60, space=conditional),
        "hostile": hostile(make_record(40)),
    }
    seen = visit(render_page(records[kind]), 390)
    assert seen.run(DRAWN) == []
    assert seen.run(OVERFLOW) == 0
    assert seen.said == []
    assert seen.asked == []
    assert "hacked" not in seen.page.title().removeprefix(HOSTILE)


def hostile(record: StudyRecord) -> StudyRecord:
    parameters = tuple(
        replace(p, name=HOSTILE) if p.name == "dropout" else p for p in record.space.parameters
    )
    trials = tuple(
        replace(
            t,
            params={(HOSTILE if k == "dropout" else k): v for k, v in t.params.items()},
            worker=HOSTILE,
            reason=HOSTILE,
        )
        for t in record.trials
    )
    data = replace(record.data, classes=tuple(f"{c}{HOSTILE}" for c in record.data.classes))
    space = replace(record.space, parameters=parameters)
    return replace(record, name=HOSTILE, data=data, space=space, trials=trials)


def test_hostile_names_are_shown_as_they_are(
    make_record: MakeRecord, visit: Callable[..., Visit]
) -> None:
    seen = visit(render_page(hostile(make_record(40))))
    assert seen.page.locator("h1").inner_text() == HOSTILE
    assert seen.run("() => document.querySelectorAll('img[onerror]').length") == 0
    ticks = seen.page.locator("[data-figure=importance] .ytick").all_text_contents()
    assert any(tick.startswith("<img src=x onerror=") for tick in ticks)


def test_ten_thousand_trials_are_drawn(
    make_record: MakeRecord, visit: Callable[..., Visit]
) -> None:
    seen = visit(render_page(make_record(10_000, answer=None)))
    assert seen.run(DRAWN) == []
    assert seen.said == []
    assert seen.page.locator("[data-table=trials] tbody tr").count() == 50
    seen.page.locator("[data-table=trials] .more").click()
    assert seen.page.locator("[data-table=trials] tbody tr").count() == 550


def cells(seen: Visit, column: int) -> list[str]:
    rows = seen.page.locator("[data-table=trials] tbody tr")
    found: list[str] = rows.locator(f":scope > :nth-child({column})").evaluate_all(
        "(cells) => cells.map((cell) => (cell.querySelector('button') || cell).firstChild.data)"
    )
    return found


def test_the_trial_table_sorts_by_number_and_back(of_forty: tuple[StudyRecord, Visit]) -> None:
    record, seen = of_forty
    seen.page.locator("#trials-filter").fill("")
    head = seen.page.locator("[data-table=trials] thead button", has_text="validation accuracy")
    head.click()
    known = sorted((t.accuracy for t in record.trials if t.accuracy is not None), reverse=True)
    shown = cells(seen, 4)
    assert shown[: len(known)] == [f"{100 * value:.2f} %" for value in known]
    assert set(shown[len(known) :]) == {"–"}
    sorted_head = seen.page.locator("[data-table=trials] th[aria-sort]")
    assert sorted_head.get_attribute("aria-sort") == "descending"
    head.click()
    assert cells(seen, 4)[: len(known)] == [f"{100 * value:.2f} %" for value in reversed(known)]
    assert sorted_head.get_attribute("aria-sort") == "ascending"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("state=pruned", {t for t in range(40) if t % 3 == 1}),
        ("nothing-like-this", set()),
        ("", set(range(40))),
    ],
)
def test_the_trial_table_filters(
    of_forty: tuple[StudyRecord, Visit], text: str, expected: set[int]
) -> None:
    record, seen = of_forty
    seen.page.locator("#trials-filter").fill(text)
    shown = {int(number) for number in cells(seen, 1)}
    if text.startswith("state"):
        expected = {t.number for t in record.trials if t.state == "pruned"}
    assert shown == expected
    shown = seen.page.locator("[data-table=trials] .row-count").inner_text()
    assert shown == f"{len(expected)} of 40 rows"


def test_the_trial_table_filters_by_numbers(of_forty: tuple[StudyRecord, Visit]) -> None:
    record, seen = of_forty
    seen.page.locator("#trials-filter").fill("width>500 validation_accuracy>97.5")
    assert {int(number) for number in cells(seen, 1)} == {
        t.number
        for t in record.trials
        if t.params["width"] > 500 and t.accuracy is not None and t.accuracy > 0.975
    }


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("width >= 512", lambda t: t.params["width"] >= 512),
        ("width<=512 state != pruned", lambda t: t.params["width"] <= 512 and t.state != "pruned"),
        ('"epochs trained" > 10', lambda t: len(t.curve) > 10),
        ('reason = "the worker was killed by signal 9"', lambda t: t.lost),
        ("winner", lambda _: False),
        ("width>", lambda _: True),
    ],
)
def test_the_filter_knows_comparisons_blanks_and_quotes(
    of_forty: tuple[StudyRecord, Visit], text: str, fits: Callable[[TrialRecord], bool]
) -> None:
    record, seen = of_forty
    seen.page.locator("#trials-filter").fill(text)
    wanted = {t.number for t in record.trials if fits(t)}
    if text == "winner":
        wanted = {t.number for t in (winner_trial(record),) if t}
    assert {int(number) for number in cells(seen, 1)} == wanted


def test_the_filter_names_the_columns_where_it_does_not_know_one(
    of_forty: tuple[StudyRecord, Visit],
) -> None:
    _, seen = of_forty
    seen.page.locator("#trials-filter").fill("breadth>5")
    assert len(cells(seen, 1)) == 40
    assert seen.page.locator("[data-table=trials] .row-count").inner_text() == (
        "unknown column: breadth; columns are trial, state, origin, validation_accuracy, loss, "
        "width, dropout, batch_size, epochs, epochs_trained, accuracy_after_the_last_epoch, "
        "seconds, size, seed, worker, reason"
    )
    seen.page.locator("#trials-filter").fill("")


def test_columns_can_be_left_out_of_a_table(
    make_record: MakeRecord, visit: Callable[..., Visit]
) -> None:
    seen = visit(render_page(make_record(20)))
    heads = seen.page.locator("[data-table=trials] thead th")
    all_of_them = heads.count()
    seen.page.locator("[data-table=trials] .columns summary").click()
    seen.page.locator("[data-table=trials] .columns label", has_text="origin").click()
    seen.page.wait_for_selector("[data-table=trials] .row-count:has-text('1 column left out')")
    assert heads.count() == all_of_them - 1
    assert "origin" not in heads.all_inner_texts()
    marks = seen.page.locator("[data-table=trials] .mark").all_inner_texts()
    assert sorted(marks) == ["baseline", "winner"]


def test_the_csv_file_holds_every_row_in_full(
    make_record: MakeRecord, visit: Callable[..., Visit]
) -> None:
    record = make_record(60)
    first = replace(record.trials[1], reason="=1+1", state="failed")
    record = replace(record, trials=(record.trials[0], first, *record.trials[2:]))
    seen = visit(render_page(record), accept_downloads=True)
    with seen.page.expect_download() as caught:
        seen.page.locator("#trials button", has_text="Download CSV").click()
    assert caught.value.suggested_filename == "mnist-four-trials.csv"
    lines = Path(caught.value.path()).read_text("utf-8").splitlines()
    assert len(lines) == 61
    assert lines[0].startswith('trial,state,origin,"validation accuracy (n = 10,000)",loss,width')
    assert str(record.trials[0].accuracy) in lines[1]
    assert lines[2].endswith("'=1+1")
    assert seen.said == []


def test_gains_in_the_csv_file_are_points_as_its_heading_says(
    make_record: MakeRecord, visit: Callable[..., Visit]
) -> None:
    record = make_record(20)
    assert record.confirmation is not None
    step = record.confirmation.ablation[0]
    seen = visit(render_page(record), accept_downloads=True)
    seen.page.locator("#ablation-numbers summary").click()
    with seen.page.expect_download() as caught:
        seen.page.locator("#ablation button", has_text="Download CSV").click()
    head, first, *_ = Path(caught.value.path()).read_text("utf-8").splitlines()
    assert head.startswith("parameter,before,after,gain (points),low,high")
    assert float(first.split(",")[3]) == pytest.approx(100 * step.gain)


def test_the_choice_of_pair_shows_another_figure(of_forty: tuple[StudyRecord, Visit]) -> None:
    _, seen = of_forty
    assert seen.page.locator("#pair-0-figure").is_visible()
    seen.page.locator("#pair-0-choice").select_option("pair-3-figure")
    seen.page.wait_for_selector("[data-figure=pair-3][data-drawn]")
    assert not seen.page.locator("#pair-0-figure").is_visible()
    assert seen.page.locator("[data-figure=pair-3] .main-svg").first.is_visible()
    wide = seen.page.locator("[data-figure=pair-3] .main-svg").first.bounding_box()["width"]
    assert wide == pytest.approx(seen.page.locator("#pair-3-plot").bounding_box()["width"], abs=1)


def test_a_name_in_the_legend_hides_its_lines_by_keyboard(
    of_forty: tuple[StudyRecord, Visit],
) -> None:
    _, seen = of_forty
    button = seen.page.locator("#progress-legend button", has_text="best so far")
    button.focus()
    seen.page.keyboard.press("Enter")
    pressed = "#progress-legend button[aria-pressed=false]"
    seen.page.wait_for_selector(pressed)
    assert seen.page.locator(pressed).inner_text() == "best so far"
    assert seen.run("() => document.activeElement.innerText") == "best so far"


def test_numbers_open_below_a_figure(of_forty: tuple[StudyRecord, Visit]) -> None:
    _, seen = of_forty
    seen.page.locator("#strip-numbers summary").click()
    # The browser tells the page of an opened fold in its own time.
    seen.page.wait_for_selector("#strip-numbers tbody tr", state="attached")
    rows = seen.page.locator("#strip-numbers tbody tr")
    assert rows.count() == 16
    assert rows.last.inner_text().split("\t")[-2:] == ["unknown", "98.40 %"]


def test_figures_follow_a_change_of_colours(
    make_record: MakeRecord, visit: Callable[..., Visit], wait_until: Callable[..., None]
) -> None:
    seen = visit(render_page(make_record(20)))
    colour = "() => document.querySelector('[data-figure=progress]')._fullLayout.font.color"
    light = seen.run(colour)
    assert light == "#1a1e23"
    seen.page.emulate_media(color_scheme="dark")
    wait_until(lambda: seen.run(colour) == "#e7eaed")
    assert seen.said == []


def test_a_printed_page_is_light_and_whole(
    make_record: MakeRecord, visit: Callable[..., Visit]
) -> None:
    seen = visit(render_page(make_record(20)), scheme="dark")
    content = seen.page.pdf()
    assert content.startswith(b"%PDF")
    seen.run("() => window.dispatchEvent(new Event('beforeprint'))")
    widths = seen.run(
        "() => [...document.querySelectorAll('[data-drawn]')].map((p) => p._fullLayout.width)"
    )
    assert max(widths) <= 660  # paper has room for it
    seen.page.emulate_media(media="print")
    background = "() => getComputedStyle(document.body).backgroundColor"
    assert seen.run(background) == "rgb(255, 255, 255)"
    assert not seen.page.locator("nav").is_visible()


def test_cards_are_folded_to_their_finding_until_they_are_opened(
    make_record: MakeRecord, visit: Callable[..., Visit]
) -> None:
    seen = visit(render_page(make_record(30)), folded=True)
    assert seen.run("() => document.documentElement.scrollHeight") < 5000
    assert seen.page.locator("#config [data-table=config]").is_visible()
    assert seen.page.locator("#progress .finding").is_visible()
    assert seen.page.locator("[data-figure=progress][data-drawn]").count() == 0
    seen.page.locator("#progress-card > summary").click()
    seen.page.wait_for_selector("[data-figure=progress][data-drawn] .main-svg")
    seen.wait()
    assert seen.run(DRAWN) == []
    assert seen.said == []


@pytest.mark.parametrize("equal", [False, True])
def test_verdict_gain_cause_and_next_command_are_seen_without_scrolling(
    make_record: MakeRecord, visit: Callable[..., Visit], equal: bool
) -> None:
    record = make_record(30)
    if equal:
        assert record.confirmation is not None
        first = record.confirmation.comparisons[0]
        third = replace(first, against="equal compute")
        record = replace(record, confirmation=replace(record.confirmation, equal_compute=third))
    seen = visit(render_page(record), 1400, folded=True)
    ends = {}
    # With three answers their intervals follow below; each answer has its own in its sentence.
    parts = (
        ".headline",
        ".answers",
        ".changes",
        ".step",
        *(() if equal else ("#differences-plot",)),
    )
    for part in parts:
        boxes = [one.bounding_box() for one in seen.page.locator(part).all()]
        assert boxes, part
        ends[part] = max(box["y"] + box["height"] for box in boxes if box is not None)
    assert max(ends.values()) <= 900, ends
    assert seen.page.locator(".changes").inner_text().startswith("What brought the gain: ")
    assert seen.page.locator("#next-step").inner_text() == f"dense-study export {record.name}"


@pytest.mark.parametrize("width", [1280, 390])
def test_a_link_to_a_card_opens_it_at_every_width(
    make_record: MakeRecord, visit: Callable[..., Visit], width: int
) -> None:
    seen = visit(render_page(make_record(30)), width, folded=True)
    if width < 1100:
        seen.page.locator("#contents-list > summary").click()
    seen.page.locator("nav a[href='#confusion']").click()
    seen.page.wait_for_selector("[data-figure=confusion][data-drawn] .main-svg")
    seen.page.locator("#confusion-card > summary").click()
    seen.page.wait_for_selector("#confusion-card:not([open])")
    seen.page.locator("nav a[href='#confusion']").click()  # the address stays the same
    seen.page.wait_for_selector("#confusion-card[open]")
    assert seen.run(OVERFLOW) == 0


def test_printing_opens_every_card_and_closes_it_again(
    make_record: MakeRecord, visit: Callable[..., Visit]
) -> None:
    seen = visit(render_page(make_record(20)), folded=True)
    seen.run("() => window.dispatchEvent(new Event('beforeprint'))")
    assert seen.page.locator("details.whole:not([open])").count() == 0
    assert seen.run(DRAWN) == []
    assert seen.page.locator("[data-table=trials] tbody tr").count() == 20
    seen.run("() => window.dispatchEvent(new Event('afterprint'))")
    assert seen.page.locator("details.whole[open]").count() == 1
    assert seen.said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_confusion_matrix_shows_its_diagonal(
    make_record: MakeRecord, visit: Callable[..., Visit], scheme: str
) -> None:
    seen = visit(render_page(make_record(20)), scheme=scheme)
    colours = seen.run(
        "() => [...document.querySelectorAll('[data-figure=confusion] .scatterlayer text')]"
        ".map((t) => getComputedStyle(t).fill)"
    )
    text = {"light": "rgb(26, 30, 35)", "dark": "rgb(231, 234, 237)"}[scheme]
    assert colours == [text] * 10


def test_a_saved_figure_is_light_titled_and_named_for_what_it_shows(
    make_record: MakeRecord, visit: Callable[..., Visit]
) -> None:
    seen = visit(render_page(make_record(20)), scheme="dark", accept_downloads=True)
    with seen.page.expect_download() as caught:
        seen.run("() => document.querySelector('[data-picture=pair-0]').click()")
    assert caught.value.suggested_filename == "mnist-four-pair-width-and-dropout.svg"
    drawn = Path(caught.value.path()).read_text("utf-8")
    assert "mnist-four: width and dropout: colour is the validation accuracy" in drawn
    assert 'class="legendtext"' in drawn
    assert "rgb(255, 255, 255)" in drawn
    assert seen.said == []


def test_a_live_page_comes_back_to_where_the_reader_was(
    make_record: MakeRecord, visit: Callable[..., Visit]
) -> None:
    seen = visit(render_page(make_record(40), live=Live(2)), folded=True)
    seen.page.locator("#trials-card > summary").click()
    seen.page.locator("#strip-numbers summary").click()
    seen.page.locator("#trials-filter").fill("pruned")
    with seen.page.expect_event("load"):  # it does not load again before the field is left
        seen.run(
            "() => { window.sameVisit = true; window.scrollTo(0, 1500);"
            " document.activeElement.blur(); }"
        )
    seen.wait()
    assert seen.run("() => window.sameVisit") is None
    assert seen.run("() => Math.abs(window.scrollY - 1500)") < 3
    assert seen.page.locator("#strip-numbers").get_attribute("open") is not None
    assert seen.page.locator("#trials-filter").input_value() == "pruned"
    assert seen.said == []


def test_a_live_page_can_be_paused(make_record: MakeRecord, visit: Callable[..., Visit]) -> None:
    seen = visit(render_page(make_record(5), live=Live(1)), folded=True)
    seen.page.locator("#pause").click()
    seen.run("() => { window.sameVisit = true; }")
    seen.page.wait_for_timeout(2500)
    assert seen.run("() => window.sameVisit") is True
    assert seen.page.locator("#pause").inner_text() == "Go on"


def test_a_live_page_takes_in_what_is_new_without_loading_again(
    make_record: MakeRecord, visit: Callable[..., Visit], tmp_path: Path
) -> None:
    news = tmp_path / "page.live.js"
    before, after = make_record(40, answer=None), make_record(45)
    news.write_text(render_update(before), encoding="utf-8")
    seen = visit(render_page(before, live=Live(1, news.name)), folded=True)
    seen.page.locator("#trials-card > summary").click()
    seen.wait()
    seen.page.get_by_label("Select trial 3", exact=True).check()
    seen.page.locator("#trials-filter").fill("search")
    seen.page.wait_for_function("() => selected.size > 1")
    seen.page.get_by_role("button", name="Clear").click()
    seen.page.locator("#axes-card > summary").click()
    seen.page.get_by_role("combobox", name="Colour").select_option(label="rank of accuracy")
    seen.page.get_by_label("Select trial 6", exact=True).check()
    seen.run("() => { window.sameVisit = true; window.scrollTo(0, 1200); }")
    news.write_text(render_update(after), encoding="utf-8")
    seen.page.wait_for_function("() => DATA.tables.trials.rows.length === 45")
    seen.wait()
    assert seen.run("() => window.sameVisit") is True
    assert seen.page.locator("[data-table=trials] .row-count").inner_text() == "44 of 45 rows"
    assert seen.page.locator("#trials-filter").input_value() == "search"
    assert seen.run("() => [...selected]") == [6]
    assert seen.page.get_by_role("combobox", name="Colour").input_value() == "rank"
    focus = "() => document.activeElement.getAttribute('aria-label')"
    assert seen.run(focus) == "Select trial 6"
    assert seen.page.locator("#selected").inner_text() == "1 of 45 trials selected: 6"
    assert "BEATS" in seen.page.locator(".headline").inner_text()
    assert seen.run(DRAWN) == []
    assert seen.said == []


def test_a_live_page_that_misses_its_news_loads_again(
    make_record: MakeRecord, visit: Callable[..., Visit]
) -> None:
    seen = visit(render_page(make_record(5), live=Live(1, "gone.live.js")), folded=True)
    with seen.page.expect_event("load"):
        seen.run("() => { window.sameVisit = true; }")
    assert seen.run("() => window.sameVisit") is None


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "dark")])
def test_axe_finds_nothing_serious(
    make_record: MakeRecord, visit: Callable[..., Visit], width: int, scheme: str
) -> None:
    # The page's own policy forbids foreign scripts, the checker too: it is let in for this test.
    seen = visit(render_page(make_record(40)), width, scheme, bypass_csp=True)
    for details in seen.page.locator("details").all():
        details.evaluate("(d) => { d.open = true; }")
    seen.wait()
    seen.page.add_script_tag(content=AXE.read_text("utf-8"))
    found = seen.run(
        "async () => (await axe.run(document)).violations.map((v) =>"
        " ({id: v.id, impact: v.impact, at: v.nodes.slice(0, 3).map((n) => n.html.slice(0, 200))}))"
    )
    assert [v for v in found if v["impact"] in {"serious", "critical", "moderate"}] == [], (
        json.dumps(found, indent=1)
    )


def test_a_comparison_is_drawn_quietly(
    make_record: MakeRecord, visit: Callable[..., Visit]
) -> None:
    records = [
        make_record(40, name="one"),
        make_record(30, name="two", seed=2, answer=None),
        make_record(0, name="empty"),
        make_record(20, name="apart", split_seed=9, answer="CAN'T TELL"),
    ]
    for width in (1280, 390):
        seen = visit(render_comparison(records), width)
        assert seen.run(DRAWN) == []
        assert seen.run(OVERFLOW) == 0
        assert seen.said == []
        assert seen.page.locator("[data-table=verdicts] tbody tr").count() == 6
