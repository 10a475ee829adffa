"use strict";
// A live page: looks for news every few seconds, takes them in, and stays where the reader is.
function place() {
  return {
    top: window.scrollY,
    open: [...document.querySelectorAll("details[open]")].map((d) => d.id),
    chosen: [...document.querySelectorAll("select[data-choice]")].map((s) => [s.id, s.value]),
    selected: [...selected],
    axes: keptAxes,
    figures: [...document.querySelectorAll("[data-figure]")].map((p) => [p.dataset.figure, Boolean(p.selecting), [...(p.brushes || [])]]),
    focus: focused(),
    tables: [...document.querySelectorAll("[data-built]")].map((t) => [t.dataset.table, t.tableState]),
    hidden: [...document.querySelectorAll("[data-drawn]")]
      .filter((p) => p.hiddenGroups)
      .map((p) => [p.dataset.figure, [...p.hiddenGroups]]),
  };
}

// How the element that has the focus is found again.
function focused() {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  if (at.id) return "#" + CSS.escape(at.id);
  const label = at.getAttribute("aria-label");
  return label ? `${at.tagName.toLowerCase()}[aria-label="${CSS.escape(label)}"]` : null;
}

function restore(kept) {
  for (const details of document.querySelectorAll("details")) details.open = kept.open.includes(details.id);
  for (const [id, value] of kept.chosen) {
    const select = document.getElementById(id);
    if (select && [...select.options].some((option) => option.value === value)) select.value = value;
  }
  for (const [key, state] of kept.tables) {
    const table = document.querySelector(`[data-table="${key}"]`);
    if (table) table.tableState = state;
  }
  for (const number of kept.selected || []) selected.add(number);
  for (const [key, selecting, brushes] of kept.figures || []) {
    const figure = document.querySelector(`[data-figure="${key}"]`);
    if (figure) Object.assign(figure, { selecting, brushes: brushes.length ? new Map(brushes) : undefined });
  }
  for (const [key, groups] of kept.hidden) {
    const figure = document.querySelector(`[data-figure="${key}"]`);
    if (figure) figure.hiddenGroups = new Set(groups);
  }
}

function isBusy() {
  const writes = document.activeElement?.matches("input:not([type=checkbox]), select");
  const drawn = document.documentElement.dataset.figures === "drawn";
  return document.hidden || writes || !drawn || document.querySelector("dialog[open]") !== null;
}

function live() {
  const seconds = Number(document.body.dataset.live);
  if (!seconds) return;
  const pause = document.getElementById("pause");
  let paused = Boolean(history.state?.paused);
  const showState = () => {
    pause.textContent = paused ? "Go on" : "Pause";
  };
  pause.addEventListener("click", () => {
    paused = !paused;
    showState();
  });
  showState();
  const again = () => {
    history.replaceState({ ...place(), paused }, "");
    location.reload();
  };
  setInterval(() => {
    if (paused || isBusy()) return;
    if (document.body.dataset.updates) lookForNews(again);
    else again();
  }, 1000 * seconds);
}

// News come as a script beside the page: a file may load no other. It is gone when the study ends.
function lookForNews(again) {
  const script = document.createElement("script");
  script.src = `${document.body.dataset.updates}?${Date.now()}`;
  script.addEventListener("load", () => script.remove());
  script.addEventListener("error", again);
  document.body.append(script);
}

let version = null;
window.denseStudyNews = (which, news) => {
  if (which === version || isBusy()) return;
  version = which;
  const kept = place();
  DATA = news.data;
  document.querySelector(".meta").textContent = news.meta;
  // What is drawn listens to the window until it is taken away by plotly itself.
  for (const drawn of document.querySelectorAll(".js-plotly-plot")) Plotly.purge(drawn);
  // Markup of the page's own templates, where every name is escaped.
  document.getElementById("frame").innerHTML = news.content;
  document.documentElement.dataset.news = which;
  begin();
  restore(kept);
  equip();
  if (kept.focus) document.querySelector(kept.focus)?.focus({ preventScroll: true });
  window.scrollTo(0, kept.top);
  if (selected.size) showSelection();
  // Legends come with the figures and move what is below them.
  drawAll().then(() => window.scrollTo(0, kept.top));
};
