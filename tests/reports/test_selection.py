"""Trials that are selected, opened and set side by side, in a real browser."""

from collections.abc import Callable

import pytest

from reports.page import render_page
from reports.record import StudyRecord
from reports.trials import baseline_trial, winner_trial
from tests.reports.chromium import AXE, IN_A_BROWSER, Visit

pytestmark = IN_A_BROWSER
MakeRecord = Callable[..., StudyRecord]
# What a figure has drawn strongly: numbers of selected points, or of the lines drawn on top.
STRONG = """(key) => {
    const place = document.querySelector(`[data-figure="${key}"]`);
    const traces = place.data.filter((t) => t.meta === "trials");
    const number = (about) => (Array.isArray(about) ? about[0] : about);
    const points = traces.flatMap((t) =>
        (t.selectedpoints || []).map((i) => number(t.customdata[i])));
    const lines = traces.filter((t) => !t.selectedpoints && t.opacity === 1 && t.mode === "lines");
    const drawn = lines.flatMap((t) => t.customdata.filter((about) => about !== null).map(number));
    return [...new Set([...points, ...drawn])].sort((a, b) => a - b);
}"""
POINT = """([key, number]) => {
    const place = document.querySelector(`[data-figure="${key}"]`);
    place.scrollIntoView({ block: "center" });
    const trace = place.data.find((t) => t.meta === "trials" && t.customdata.includes(number));
    const i = trace.customdata.indexOf(number);
    const { xaxis, yaxis } = place._fullLayout;
    const box = place.getBoundingClientRect();
    return [
        box.left + xaxis._offset + xaxis.d2p(trace.x[i]),
        box.top + yaxis._offset + yaxis.d2p(trace.y[i])];
}"""
CORNERS = """([key, box]) => {
    const place = document.querySelector(`[data-figure="${key}"]`);
    place.scrollIntoView({ block: "center" });
    const { xaxis, yaxis } = place._fullLayout;
    const at = place.getBoundingClientRect();
    return box.map(([x, y]) => [
        at.left + xaxis._offset + xaxis.d2p(x),
        at.top + yaxis._offset + yaxis.d2p(y)]);
}"""


@pytest.fixture
def seen(make_record: MakeRecord, visit: Callable[..., Visit]) -> Visit:
    return visit(render_page(make_record(40)))


@pytest.fixture
def record(make_record: MakeRecord) -> StudyRecord:
    return make_record(40)


def drag(seen: Visit, key: str, box: list[list[float]]) -> None:
    """Draw a box over a figure from one of its own points to another."""
    button = seen.page.locator(f"button[data-select='{key}']")
    if button.get_attribute("aria-pressed") == "false":
        button.click()
        seen.page.wait_for_function(
            f"() => document.getElementById('{key}-plot')._fullLayout.dragmode === 'select'"
        )
    (x0, y0), (x1, y1) = seen.run(CORNERS, [key, box])
    seen.page.mouse.move(x0, y0)
    seen.page.mouse.down()
    seen.page.mouse.move((x0 + x1) / 2, (y0 + y1) / 2)
    seen.page.mouse.move(x1, y1)
    seen.page.mouse.up()


def wait_for_selection(seen: Visit, numbers: set[int]) -> None:
    seen.page.wait_for_function(
        "(wanted) => [...selected].sort((a, b) => a - b).join() === wanted.join()",
        arg=sorted(numbers),
    )


def test_a_box_over_a_figure_selects_its_trials_in_all_figures_and_the_table(
    seen: Visit, record: StudyRecord
) -> None:
    drag(seen, "progress", [[9.5, 0.986], [30.5, 0.974]])
    wanted = {
        t.number
        for t in record.trials
        if 10 <= t.number <= 30 and not t.lost and t.accuracy is not None and t.accuracy >= 0.974
    }
    assert len(wanted) > 3
    wait_for_selection(seen, wanted)
    for key in ("progress", "slice-0", "pair-0", "parallel", "cost-seconds", "timeline", "axes"):
        seen.page.wait_for_function(
            f"([key, wanted]) => ({STRONG})(key).join() === wanted.join()",
            arg=[key, sorted(wanted)],
        )
    assert set(seen.run(STRONG, "curves-accuracy")) == wanted
    marked = seen.page.locator("[data-table=trials] tr.selected th")
    assert {int(text) for text in marked.all_inner_texts()} <= wanted | {0}
    assert marked.count() == len(wanted)
    seen.page.get_by_label("Only selected").check()
    assert seen.page.locator("[data-table=trials] tbody tr").count() == len(wanted)
    seen.page.get_by_role("button", name="Clear").click()
    wait_for_selection(seen, set())
    assert seen.page.locator("#selection").is_hidden()
    assert seen.page.locator("[data-table=trials] tbody tr").count() == 40
    assert seen.said == []


def test_axes_are_brushed_one_after_another_and_accuracy_is_one_of_them(
    seen: Visit, record: StudyRecord
) -> None:
    complete = [t for t in record.trials if t.accuracy is not None and not t.lost]
    names = seen.run("() => DATA.figures.parallel.layout.xaxis.ticktext")
    assert names[-1] == "accuracy"
    epochs, last = names.index("epochs"), len(names) - 1
    drag(seen, "parallel", [[epochs - 0.1, 1.05], [epochs + 0.1, 0.5]])
    low, high = 3, 20
    long = {t.number for t in complete if t.config["epochs"] >= (low + high) / 2}
    wait_for_selection(seen, long)
    drag(seen, "parallel", [[last - 0.1, 1.05], [last + 0.1, 0.5]])
    ends = sorted((t.accuracy for t in complete if t.accuracy is not None), reverse=True)
    middle = (ends[0] + ends[9 * (len(ends) - 1) // 10]) / 2
    wait_for_selection(
        seen, {t.number for t in complete if t.number in long and (t.accuracy or 0) >= middle}
    )


def test_a_box_selects_only_what_is_to_be_seen(seen: Visit, record: StudyRecord) -> None:
    pruned = {t.number for t in record.trials if t.state == "pruned"}
    drag(seen, "progress", [[0.5, 0.986], [38.5, 0.952]])
    seen.page.wait_for_function("() => selected.size > 10")
    before = set(seen.run("() => [...selected]"))
    assert before & pruned
    seen.page.locator("#progress-legend button", has_text="pruned").click()
    drag(seen, "progress", [[0.5, 0.986], [38.5, 0.952]])
    wait_for_selection(seen, before - pruned)


def test_a_brush_ends_where_something_else_is_selected(seen: Visit) -> None:
    drag(seen, "parallel", [[-0.1, 1.05], [0.1, 0.5]])
    seen.page.wait_for_function("() => selected.size > 0")
    assert ", of 25 drawn in this figure: " in seen.page.locator("#selected").inner_text()
    count = "() => document.querySelector('[data-figure=parallel]').brushes?.size ?? 0"
    assert seen.run(count) == 1
    seen.page.get_by_label("Select trial 5", exact=True).focus()
    seen.page.keyboard.press("Space")
    seen.page.wait_for_function("() => selected.has(5)")
    assert seen.run(count) == 0


def test_who_selects_and_steps_by_keyboard_stays_where_they_are(seen: Visit) -> None:
    at = "document.activeElement"
    focus = f"() => {at}.getAttribute('aria-label') ?? {at}.textContent"
    seen.page.get_by_label("Select trial 3", exact=True).focus()
    seen.page.keyboard.press("Space")
    wait_for_selection(seen, {3})
    assert seen.run(focus) == "Select trial 3"
    seen.page.get_by_role("button", name="Open trial 4", exact=True).first.focus()
    seen.page.keyboard.press("Enter")
    panel = seen.page.locator("#panel[open]")
    panel.get_by_role("button", name="Next").focus()
    for number in (5, 6):
        seen.page.keyboard.press("Enter")
        assert panel.locator("h2").inner_text() == f"Trial {number}"
    assert seen.run(focus) == "Next"
    seen.page.keyboard.press("Escape")
    assert seen.run(focus) == "Open trial 4"


def test_what_the_filter_finds_is_selected_until_it_is_cleared(
    seen: Visit, record: StudyRecord
) -> None:
    seen.page.locator("#trials-filter").fill("width>500 state=complete")
    wait_for_selection(
        seen,
        {
            t.number
            for t in record.trials
            if t.config["width"] > 500 and t.state == "complete" and not t.lost
        },
    )
    seen.page.locator("#trials-filter").fill("breadth>5")
    seen.page.wait_for_timeout(500)
    assert seen.run("() => selected.size") > 0
    seen.page.locator("#trials-filter").fill("")
    wait_for_selection(seen, set())


def test_a_trial_opens_from_a_figure_with_its_values_curve_and_commands(
    seen: Visit, record: StudyRecord
) -> None:
    trial = next(t for t in record.trials if t.number > 8 and t.accuracy and t.accuracy > 0.97)
    x, y = seen.run(POINT, ["progress", trial.number])
    seen.page.mouse.move(x, y)
    hover = seen.page.locator("#progress-plot .hovertext")
    hover.wait_for()
    assert hover.text_content() == (
        f"trial {trial.number}validation accuracy (n = 10,000): {100 * trial.accuracy:.2f}%"
    )
    seen.page.mouse.click(x, y)
    panel = seen.page.locator("#panel[open]")
    panel.wait_for()
    base, best = baseline_trial(record), winner_trial(record)
    assert base is not None
    assert best is not None
    assert panel.locator("h2").inner_text() == f"Trial {trial.number}"
    heads = panel.locator("thead th").all_inner_texts()
    assert heads == [
        f"trial {trial.number}",
        f"trial {best.number} (winner)",
        f"trial {base.number} (baseline)",
    ]
    width = panel.locator("tr", has=seen.page.get_by_role("rowheader", name="width", exact=True))
    assert width.locator("td").all_inner_texts() == [
        str(t.config["width"]) for t in (trial, best, base)
    ]
    drawn = seen.run("() => document.getElementById('panel-curves').data.map((t) => t.y)")
    assert [len(values) for values in drawn] == [len(t.curve) for t in (trial, best, base)]
    assert panel.locator("pre").inner_text() == (
        f"dense-study export {record.name} --trial {trial.number} --config-format toml "
        f"--out trial-{trial.number}.toml\ndense-study train trial-{trial.number}.toml --data mnist"
    )
    panel.get_by_role("button", name="Next").click()
    assert panel.locator("h2").inner_text() == f"Trial {trial.number + 1}"
    panel.get_by_role("button", name="Select", exact=True).click()
    wait_for_selection(seen, {trial.number + 1})
    seen.page.keyboard.press("Escape")
    assert seen.page.locator("#panel").is_hidden()


def test_a_pruned_trial_says_why_and_how_far_it_came(seen: Visit, record: StudyRecord) -> None:
    pruned = next(t for t in record.trials if t.state == "pruned")
    seen.page.get_by_role("button", name=f"Open trial {pruned.number}", exact=True).first.click()
    panel = seen.page.locator("#panel[open]")
    reason = panel.locator("tr", has=seen.page.get_by_role("rowheader", name="reason"))
    assert reason.locator("td").first.inner_text() == pruned.reason
    assert len(seen.run("() => document.getElementById('panel-curves').data[0].y")) == len(
        pruned.curve
    )


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_serious_in_an_open_trial(
    make_record: MakeRecord, visit: Callable[..., Visit], width: int, scheme: str
) -> None:
    seen = visit(render_page(make_record(40)), width, scheme, bypass_csp=True)
    for number in (3, 9):
        seen.page.get_by_label(f"Select trial {number}", exact=True).check()
    seen.page.add_script_tag(content=AXE.read_text("utf-8"))
    check = (
        "async () => (await axe.run(document)).violations"
        ".filter((v) => ['serious', 'critical', 'moderate'].includes(v.impact))"
        ".map((v) => [v.id, v.nodes.slice(0, 3).map((n) => n.html.slice(0, 200))])"
    )
    assert seen.run(check) == []
    seen.page.get_by_role("button", name="Side by side").click()
    seen.page.locator("#panel[open]").wait_for()
    assert seen.run(check) == []
    assert seen.run("() => document.documentElement.scrollWidth") <= width
    box = seen.page.locator("#panel").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width


def test_trials_picked_in_the_table_go_side_by_side_by_keyboard(seen: Visit) -> None:
    for number in (3, 9):
        seen.page.get_by_label(f"Select trial {number}", exact=True).focus()
        seen.page.keyboard.press("Space")
    wait_for_selection(seen, {3, 9})
    assert seen.page.locator("#selected").inner_text() == "2 of 40 trials selected: 3, 9"
    seen.page.get_by_role("button", name="Side by side").focus()
    seen.page.keyboard.press("Enter")
    panel = seen.page.locator("#panel[open]")
    assert panel.locator("h2").inner_text() == "2 trials side by side"
    assert panel.locator("thead th").all_inner_texts()[:2] == ["trial 3", "trial 9"]


def test_of_many_trials_the_best_six_go_side_by_side(seen: Visit, record: StudyRecord) -> None:
    seen.page.locator("#trials-filter").fill("state=complete")
    seen.page.wait_for_function("() => selected.size > 6")
    seen.page.get_by_role("button", name="Side by side").click()
    panel = seen.page.locator("#panel[open]")
    scored = [t for t in record.trials if t.accuracy is not None and not t.lost]
    best = sorted(scored, key=lambda t: (-(t.accuracy or 0), t.number))[:6]
    assert panel.locator(".aid").inner_text() == f"The best 6 of the {len(scored)} selected trials."
    heads = panel.locator("thead th").all_inner_texts()[:6]
    assert [int(head.split()[1]) for head in heads] == [t.number for t in best]


def test_axes_and_colour_of_a_scatter_are_chosen_freely(seen: Visit, record: StudyRecord) -> None:
    seen.page.get_by_role("combobox", name="Across").select_option(label="epochs")
    seen.page.get_by_role("combobox", name="Up").select_option(label="width")
    seen.page.get_by_label("Up: log scale").check()
    seen.page.get_by_role("combobox", name="Colour").select_option(label="rank of accuracy")
    plot = "document.querySelector('[data-figure=axes]')"
    seen.page.wait_for_function(
        f"() => {plot}.layout.yaxis.type === 'log' && {plot}.data[0].marker.showscale"
    )
    drawn = seen.run(
        f"() => {plot}.data.flatMap((t) => t.x.map((x, i) =>"
        " [t.customdata[i][0], x, t.y[i], t.marker.color[i]]))"
    )
    assert sorted(point[:3] for point in drawn) == [
        [t.number, t.config["epochs"], t.config["width"]] for t in record.trials
    ]
    winner = winner_trial(record)
    assert winner
    assert {point[0]: point[3] for point in drawn}[winner.number] == 1
    assert seen.said == []
