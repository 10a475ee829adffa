"use strict";
// Puts the page together, opens what a link means, and prints every card.
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

function fitContents() {
  document.getElementById("contents-list").open = WIDE.matches;
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

// What stands in the frame, ready to use; the frame is new after every update.
function begin() {
  fitContents();
  freeAxes();
  // A link that was followed before changes no address, and must open its card all the same.
  document.getElementById("contents-list").addEventListener("click", (event) => event.target.closest("a") && setTimeout(openLinked));
  for (const details of document.querySelectorAll("details")) {
    details.addEventListener("toggle", () => {
      fit();
      drawAll();
    });
  }
}

function equip() {
  tables();
  choices();
  pictures();
  selecting();
  copies();
  here();
}

if (document.body.dataset.live) history.scrollRestoration = "manual";
const KEPT = document.body.dataset.live ? history.state : null;
WIDE.addEventListener("change", fitContents);
window.addEventListener("hashchange", openLinked);
if (KEPT?.axes) keptAxes = KEPT.axes;
begin();
if (KEPT?.open) restore(KEPT);
equip();
live();
if (KEPT?.open) window.scrollTo(0, KEPT.top);
else if (location.hash) openLinked();
drawAll();
if (selected.size) showSelection();
DARK.addEventListener("change", () => redraw());
window.addEventListener("beforeprint", toPaper);
window.addEventListener("afterprint", fromPaper);
