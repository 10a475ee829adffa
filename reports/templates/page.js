"use strict";
// Puts the page together; in live mode loads it again every few seconds and returns to where the reader was.
const WIDE = window.matchMedia("(min-width: 1100px)");

function foldsAround(place) {
  const folds = [];
  for (let at = place.closest("details"); at; at = at.parentElement.closest("details")) folds.push(at);
  return folds;
}

// A link to a card, or to anything inside it, opens it.
function openLinked() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  const inside = target.querySelector(":scope > details.whole");
  for (const fold of [...foldsAround(target), ...(inside ? [inside] : [])]) fold.open = true;
  target.scrollIntoView();
}

function contents() {
  const list = document.getElementById("contents-list");
  const fitList = () => (list.open = WIDE.matches);
  WIDE.addEventListener("change", fitList);
  fitList();
  // A link that was followed before changes no address, and must open its card all the same.
  list.addEventListener("click", (event) => event.target.closest("a") && setTimeout(openLinked));
  window.addEventListener("hashchange", openLinked);
}

// On paper every card is open, and its figures are drawn at once.
let openedForPaper = [];
function toPaper() {
  printing = true;
  openedForPaper = [...document.querySelectorAll("details.whole:not([open])")];
  for (const card of openedForPaper) card.open = true;
  for (const place of document.querySelectorAll("[data-table]")) if (!hiddenNow(place)) build(place);
  for (const place of document.querySelectorAll("[data-figure]")) if (!hiddenNow(place)) draw(place);
}

function fromPaper() {
  printing = false;
  for (const card of openedForPaper) card.open = false;
  redraw();
}

function tables() {
  for (const place of document.querySelectorAll("[data-table]")) {
    const details = place.closest("details");
    if (!hiddenNow(place)) build(place);
    else for (const fold of foldsAround(place)) fold.addEventListener("toggle", () => hiddenNow(place) || build(place));
  }
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Select and copy by hand";
  }
}

function copies() {
  for (const button of document.querySelectorAll("button[data-copy]")) button.addEventListener("click", () => copy(button));
}

function here() {
  const links = new Map([...document.querySelectorAll("nav a")].map((a) => [a.hash.slice(1), a]));
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        for (const link of links.values()) link.removeAttribute("aria-current");
        links.get(entry.target.id)?.setAttribute("aria-current", "true");
      }
    },
    { rootMargin: "-10% 0px -80% 0px" },
  );
  for (const id of links.keys()) observer.observe(document.getElementById(id));
}

function place() {
  return {
    top: window.scrollY,
    open: [...document.querySelectorAll("details[open]")].map((d) => d.id),
    chosen: [...document.querySelectorAll("select[data-choice]")].map((s) => [s.id, s.value]),
    selected: [...selected],
    tables: [...document.querySelectorAll("[data-built]")].map((t) => [t.dataset.table, t.tableState]),
    hidden: [...document.querySelectorAll("[data-drawn]")]
      .filter((p) => p.hiddenGroups)
      .map((p) => [p.dataset.figure, [...p.hiddenGroups]]),
  };
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
  for (const [key, groups] of kept.hidden) {
    const figure = document.querySelector(`[data-figure="${key}"]`);
    if (figure) figure.hiddenGroups = new Set(groups);
  }
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
  setInterval(() => {
    const busy = document.activeElement?.matches("input, select, dialog *") || document.hidden;
    const drawn = document.documentElement.dataset.figures === "drawn";
    if (paused || busy || !drawn) return;
    history.replaceState({ ...place(), paused }, "");
    location.reload();
  }, 1000 * seconds);
}

if (document.body.dataset.live) history.scrollRestoration = "manual";
const KEPT = document.body.dataset.live ? history.state : null;
contents();
freeAxes();
if (KEPT?.open) restore(KEPT);
for (const details of document.querySelectorAll("details")) {
  details.addEventListener("toggle", () => {
    fit();
    drawAll();
  });
}
tables();
choices();
pictures();
selecting();
copies();
here();
live();
if (KEPT?.open) window.scrollTo(0, KEPT.top);
else if (location.hash) openLinked();
drawAll();
if (selected.size) showSelection();
DARK.addEventListener("change", redraw);
window.addEventListener("beforeprint", toPaper);
window.addEventListener("afterprint", fromPaper);
