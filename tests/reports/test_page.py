"""The page as a file: whole, safe, the same each time, and of a bearable size."""

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from ast import literal_eval
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from reports.cards.contents import sections
from reports.comparison import render_comparison
from reports.data_record import DataRecord
from reports.json_record import record_to_json
from reports.page import Live, render_page
from reports.record import StudyRecord
from reports.scripts import content_policy
from reports.stopped import Stopped
from reports.summary import render_summary
from reports.trials import winner_trial
from search_spaces.space import Space

MakeRecord = Callable[..., StudyRecord]

HOSTILE = "</script><script>window.hacked=1</script><img src=x onerror=hacked=1>\"'&{{7*7}}"


class Outline(HTMLParser):
    """Collect what a browser would read: tags, ids, and the text of data blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.handlers: list[str] = []
        self.scripts: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in {"src", "href"}:
                self.links.append(value or "")
            if name.startswith("on"):
                self.handlers.append(name)
        self._inside = tag == "script"
        if self._inside:
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.scripts[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._inside = False


def outline(html: str) -> Outline:
    read = Outline()
    read.feed(html)
    return read


def page_data(html: str) -> dict:
    return json.loads(outline(html).scripts[0])


def hostile(record: StudyRecord) -> StudyRecord:
    """Put a hostile name wherever a user could."""
    parameters = tuple(
        replace(p, name=f"{p.name}{HOSTILE}") if p.name == "dropout" else p
        for p in record.space.parameters
    )
    trials = tuple(
        replace(
            t,
            params={(k + HOSTILE if k == "dropout" else k): v for k, v in t.params.items()},
            reason=HOSTILE if t.reason else None,
            worker=HOSTILE,
        )
        for t in record.trials
    )
    data = replace(
        record.data, name=HOSTILE, classes=tuple(f"{c}{HOSTILE}" for c in record.data.classes)
    )
    return replace(
        record,
        name=HOSTILE,
        data=data,
        space=replace(record.space, name=HOSTILE, about=HOSTILE, parameters=parameters),
        trials=trials,
        summaries={name: text + HOSTILE for name, text in record.summaries.items()},
        versions={HOSTILE: HOSTILE},
        machine=HOSTILE,
    )


def test_the_same_record_gives_the_same_bytes(make_record: MakeRecord) -> None:
    assert render_page(make_record(30)) == render_page(make_record(30))


@pytest.mark.slow
def test_the_same_record_gives_the_same_bytes_in_another_process(make_record: MakeRecord) -> None:
    code = (
        "import json, sys, hashlib; from reports.json_record import record_from_json; "
        "from reports.page import render_page; "
        "page = render_page(record_from_json(json.load(sys.stdin))); "
        "print(hashlib.sha256(page.encode()).hexdigest())"
    )
    record = make_record(30)
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(record_to_json(record)),
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "7"},
    )
    assert done.stdout.strip() == hashlib.sha256(render_page(record).encode()).hexdigest()


def test_a_page_of_a_hundred_trials_is_under_six_megabytes(make_record: MakeRecord) -> None:
    assert len(render_page(make_record(100)).encode()) < 6_000_000


@pytest.mark.slow
def test_a_page_of_ten_thousand_trials_is_under_twelve_megabytes_and_says_what_it_left_out(
    make_record: MakeRecord,
) -> None:
    html = render_page(make_record(10_000, answer=None))
    assert len(html.encode()) < 12_000_000
    assert len(page_data(html)["tables"]["trials"]["rows"]) == 10_000
    left_out = re.findall(r"[^>]*left out[^<]*", html.partition('<script type="app')[0])
    assert len(left_out) >= 5


@pytest.mark.slow
def test_a_page_of_ten_thousand_trials_of_forty_parameters_keeps_its_size(
    make_record: MakeRecord, forty: Space
) -> None:
    html = render_page(make_record(10_000, space=forty, answer=None))
    assert len(html.encode()) < 12_000_000


def test_plotly_is_there_once_and_nothing_is_linked(make_record: MakeRecord) -> None:
    html = render_page(make_record(30))
    assert html.count("plotly.js v") == 1
    read = outline(html)
    assert read.tags.count("script") == 3
    assert all(link.startswith(("#", "data:")) for link in read.links)
    assert read.handlers == []


def test_every_id_is_there_once(make_record: MakeRecord) -> None:
    ids = outline(render_page(make_record(60))).ids
    assert len(ids) == len(set(ids))


def test_every_card_is_a_question_with_an_anchor(make_record: MakeRecord) -> None:
    html = render_page(make_record(30))
    titles = re.findall(r'<h3 id="([a-z]+)-title">([^<]+)</h3>', html)
    assert len(titles) == 21
    assert all(title.endswith("?") for _, title in titles)
    assert [f"#{key}" for key, _ in titles] == re.findall(r'<li><a href="([^"]+)"', html)


def test_a_folded_card_says_in_a_line_what_it_found(make_record: MakeRecord) -> None:
    html = render_page(make_record(30))
    found = dict(re.findall(r'id="([a-z]+)-title">[^<]+</h3> <span class="finding">([^<]+)<', html))
    assert found["trials"] == "19 complete, 6 pruned, 3 failed, 2 lost."
    assert found["ablation"] == "Kept: epochs, width; together +0.33 points."
    assert found["flips"] == "61 images gained, 27 lost."
    assert "config" not in found  # open: what to do next


def test_the_best_config_can_be_copied_as_toml_and_as_a_dict(make_record: MakeRecord) -> None:
    record = make_record(30)
    best = winner_trial(record)
    assert best is not None
    html = render_page(record)
    texts = [
        unescape(re.search(rf'<pre id="config-{key}"[^>]*>([^<]+)<', html)[1])  # type: ignore[index]
        for key in ("toml", "dict")
    ]
    assert tomllib.loads(texts[0]) == best.config
    assert literal_eval(texts[1]) == best.config
    assert "dense-study export mnist-four" in html


def test_the_policy_names_every_script_by_its_hash(make_record: MakeRecord) -> None:
    html = render_page(make_record(3))
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    assert policy is not None
    rules = policy.group(1).replace("&#39;", "'")
    assert rules.startswith("default-src 'none'; script-src 'sha256-")
    script_rule = rules.split(";")[1]
    assert "unsafe" not in script_rule
    assert script_rule.count("'sha256-") == 2


def test_hostile_names_stay_text(make_record: MakeRecord) -> None:
    tame, wild = render_page(make_record(40)), render_page(hostile(make_record(40)))
    assert outline(wild).tags.count("script") == outline(tame).tags.count("script")
    assert outline(wild).handlers == []
    assert "x" not in outline(wild).links
    assert "<img src=x" not in wild
    assert "{{7*7}}" in wild
    assert HOSTILE in page_data(wild)["tables"]["trials"]["columns"][6]["title"]


def test_a_hostile_comparison_stays_text(make_record: MakeRecord) -> None:
    html = render_comparison([hostile(make_record(10)), make_record(12, seed=2)])
    assert outline(html).tags.count("script") == 3
    assert outline(html).handlers == []


def test_names_in_figures_are_escaped_for_plotly_too(make_record: MakeRecord) -> None:
    figures = page_data(render_page(hostile(make_record(40))))["figures"]
    assert "<" not in json.dumps(figures).replace("<br>", "").replace(
        "<extra></extra>", ""
    ).replace("<b>", "").replace("</b>", "")


def odd_records(make_record: MakeRecord, forty: Space, conditional: Space) -> dict:
    whole = make_record(20, answer=None)
    failed = tuple(
        replace(t, state="failed", accuracy=None, loss=None, curve=(), reason="no memory")
        for t in whole.trials
    )
    pruned = tuple(
        replace(t, state="pruned", accuracy=None, curve=t.curve[:1]) for t in whole.trials
    )
    running = tuple(
        replace(t, state="running", accuracy=None, curve=(), ended=None, seconds=None)
        for t in whole.trials
    )
    return {
        "no trial": make_record(0),
        "one trial": make_record(1, answer=None),
        "all failed": replace(whole, trials=failed),
        "all pruned": replace(whole, trials=pruned),
        "all running": replace(whole, trials=running),
        "forty parameters": make_record(30, space=forty),
        "conditional": make_record(60, space=conditional),
        "unicode": replace(make_record(20), name="Études № 5 – \u202eηπ 研究"),
    }


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("no trial", "No trial is complete (0 trials so far), so there is nothing to compare."),
        ("one trial", "No trial is ahead of the baseline&#39;s 97.15\u00a0% on validation"),
        ("all failed", "No trial is complete (20 trials so far), so there is nothing to compare."),
        ("all pruned", "No trial is complete (20 trials so far), so there is nothing to compare."),
        ("all running", "Not yet, because no trial is complete."),
        ("forty parameters", "28 less important parameters not drawn."),
        ("conditional", "momentum"),
        ("unicode", "Études № 5 – \u202eηπ 研究"),
    ],
)
def test_every_record_gives_a_page_that_says_what_it_knows(
    make_record: MakeRecord, forty: Space, conditional: Space, name: str, says: str
) -> None:
    assert says in render_page(odd_records(make_record, forty, conditional)[name])


def test_a_study_on_other_data_says_that_the_published_number_is_not_comparable(
    make_record: MakeRecord, digits: DataRecord
) -> None:
    html = render_page(make_record(20, data=digits))
    assert "the two cannot be compared. It is not drawn." in html
    assert "published baseline (test" not in json.dumps(page_data(html)["figures"])


def test_a_search_that_its_rule_ended_says_so_wherever_it_is_shown(make_record: MakeRecord) -> None:
    stopped = Stopped("done", 38, gain=0.00104, detectable=0.0022)
    record = make_record(40, trials_asked=90, stop_when="done", stopped=stopped)
    why = (
        "more trials would bring at most 0.10 points (95 %), less than the 0.22 that the test "
        "split can tell"
    )
    page = render_page(record).replace("\N{NO-BREAK SPACE}", " ")
    assert f"The search ended after 38 of 90 trials: {why}." in page
    assert f"ended early: {why}" in page
    assert f"ended early: {why}" in " ".join(render_summary(record).split())
    assert "--name mnist-four --stop-when done" in page


def test_only_a_live_page_reloads(make_record: MakeRecord) -> None:
    assert "data-live" not in render_page(make_record(3)).partition("<main")[0]
    page = render_page(make_record(3), live=Live(5, "page.live.js"))
    assert '<body data-live="5" data-updates="page.live.js">' in page
    assert " 'self' file:; style-src-elem" in content_policy(loads_updates=True)
    assert "file:" not in content_policy()


@pytest.mark.slow
def test_rendering_needs_neither_tensorflow_nor_keras(make_record: MakeRecord) -> None:
    code = (
        "import sys; import reports.page, reports.summary, reports.comparison, reports.images; "
        "print([m for m in ('tensorflow', 'keras') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert make_record(0).trials == ()


def test_a_page_of_several_studies_says_how_many_answers_it_compares(
    make_record: MakeRecord,
) -> None:
    html = render_comparison([make_record(10), make_record(12, seed=2)])
    assert "This page compares 4 answers. The best of so many is easily best by luck" in html


def test_the_questions_that_the_manual_names_are_cards_of_the_page(make_record: MakeRecord) -> None:
    manual = (Path(__file__).parents[2] / "docs" / "page.md").read_text("utf-8")
    named = set(re.findall(r'"([A-Z][^"]+\?)"', manual))
    titles = {card.title for part in sections(make_record(40)) for card in part.cards}
    assert len(named) > 10
    assert named <= titles
