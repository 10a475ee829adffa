"use strict";
// Puts the page together; in live mode loads it again every few seconds and returns to where the reader was.
function tables() {
  for (const place of document.querySelectorAll("[data-table]")) {
    const details = place.closest("details");
    if (!details || details.open) build(place);
    else details.addEventListener("toggle", () => details.open && build(place));
  }
}

function copies() {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.addEventListener("click", async () => {
      const text = document.getElementById(button.dataset.copy).textContent;
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = "Copied";
      } catch {
        button.textContent = "Select and copy by hand";
      }
    });
  }
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
    tables: [...document.querySelectorAll("[data-built]")].map((t) => [t.dataset.table, t.tableState]),
    hidden: [...document.querySelectorAll("[data-drawn]")]
      .filter((p) => p.hiddenGroups)
      .map((p) => [p.dataset.figure, [...p.hiddenGroups]]),
  };
}

function restore(kept) {
  for (const id of kept.open) document.getElementById(id)?.setAttribute("open", "");
  for (const [id, value] of kept.chosen) {
    const select = document.getElementById(id);
    if (select && [...select.options].some((option) => option.value === value)) select.value = value;
  }
  for (const [key, state] of kept.tables) {
    const table = document.querySelector(`[data-table="${key}"]`);
    if (table) table.tableState = state;
  }
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
    const busy = document.activeElement?.matches("input, select") || document.hidden;
    const drawn = document.documentElement.dataset.figures === "drawn";
    if (paused || busy || !drawn) return;
    history.replaceState({ ...place(), paused }, "");
    location.reload();
  }, 1000 * seconds);
}

if (document.body.dataset.live) history.scrollRestoration = "manual";
const KEPT = document.body.dataset.live ? history.state : null;
if (KEPT?.open) restore(KEPT);
for (const details of document.querySelectorAll("details")) details.addEventListener("toggle", drawAll);
tables();
choices();
pictures();
copies();
here();
live();
if (KEPT?.open) window.scrollTo(0, KEPT.top);
else if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
drawAll();
DARK.addEventListener("change", redraw);
window.addEventListener("beforeprint", () => {
  printing = true;
  redraw();
});
window.addEventListener("afterprint", () => {
  printing = false;
  redraw();
});
