"use strict";
// Draws the page's figures one after another, in the reader's colours, each with its own legend.
let DATA = JSON.parse(document.getElementById("page-data").textContent);
const DARK = window.matchMedia("(prefers-color-scheme: dark)");
const NARROW = window.matchMedia("(max-width: 640px)");
const TOUCH = window.matchMedia("(pointer: coarse)");
const SVG = "http://www.w3.org/2000/svg";
// Widths in pixels of a figure on paper: A4 and Letter have room for them.
const PAPER = { whole: 660, half: 316 };
let printing = false;
let drawings = 0;

function palette() {
  return DARK.matches && !printing ? DATA.dark : DATA.light;
}

function painted(value, colours, key) {
  if (Array.isArray(value)) return value.map((entry) => painted(entry, colours, key));
  if (value !== null && typeof value === "object") {
    const out = {};
    for (const name of Object.keys(value)) out[name] = painted(value[name], colours, name);
    return out;
  }
  if (typeof value === "string" && value[0] === "$" && key.includes("color")) {
    return colours[value.slice(1)];
  }
  return value;
}

function whole(figure) {
  const base = painted(DATA.base, palette(), "");
  const layout = painted(figure.layout, palette(), "");
  layout.template = { layout: base };
  layout.height = figure.height;
  layout.showlegend = false;
  // Drawn again, a figure keeps what the reader zoomed into, and no box of an earlier selection.
  layout.uirevision = figure.layout.uirevision ?? "same";
  layout.selectionrevision = drawings++;
  layout.selections = [];
  layout.dragmode = TOUCH.matches ? false : "zoom";
  if (NARROW.matches) layout.margin = { l: 54, r: 8, t: 12, b: 44, ...(figure.layout.margin || {}) };
  return { data: painted(figure.data, palette(), ""), layout };
}

function visibility(place, traces) {
  traces.forEach((trace, index) => {
    const hidden = place.hiddenGroups && place.hiddenGroups.has(groupOf(trace, index));
    if (hidden) trace.visible = "legendonly";
  });
}

const CONFIG = {
  displaylogo: false,
  showSendToCloud: false,
  displayModeBar: false,
  responsive: true,
  doubleClick: "autosize",
};

async function draw(place) {
  const figure = DATA.figures[place.dataset.figure];
  const { data: traces, layout } = whole(figure);
  visibility(place, traces);
  const data = emphasised(place, traces, layout);
  if (printing) layout.width = place.closest(".grid") ? PAPER.half : PAPER.whole;
  if (figure.min_width) place.style.minWidth = figure.min_width + "px";
  await Plotly.react(place, data, layout, CONFIG);
  listen(place);
  place.dataset.drawn = "yes";
  place.setAttribute("aria-busy", "false");
  legend(place, traces);
}

function hiddenNow(place) {
  return place.closest("[hidden], details:not([open])") !== null;
}

// One figure an idle moment: the page stays quick to scroll while they appear from the top down.
let drawing = null;
function drawAll() {
  drawing = drawing || drawWaiting().then(() => (drawing = null));
  return drawing;
}

async function drawWaiting() {
  document.documentElement.dataset.figures = "drawing";
  const idle = window.requestIdleCallback || ((work) => setTimeout(work, 16));
  for (;;) {
    const waiting = [...document.querySelectorAll("[data-figure]:not([data-drawn])")];
    const place = waiting.find((p) => !hiddenNow(p));
    if (!place) break;
    await draw(place);
    await new Promise((done) => idle(done, { timeout: 200 }));
  }
  document.documentElement.dataset.figures = "drawn";
}

// A figure that was hidden while the window changed has an old width.
function fit() {
  for (const place of document.querySelectorAll("[data-drawn]")) {
    if (!hiddenNow(place)) Plotly.Plots.resize(place);
  }
}

// What is folded away is drawn when it is opened.
function redraw(isMeant = () => true) {
  for (const place of [...document.querySelectorAll("[data-drawn]")].filter(isMeant)) {
    if (hiddenNow(place)) delete place.dataset.drawn;
    else draw(place);
  }
}

function choices() {
  for (const select of document.querySelectorAll("select[data-choice]")) {
    const show = () => {
      for (const option of select.options) {
        document.getElementById(option.value).hidden = option.value !== select.value;
      }
    };
    select.addEventListener("change", () => {
      show();
      fit();
      drawAll();
    });
    show();
  }
}

// A file has a white ground, a title and a legend: it is read without the page around it.
function picture(place, figure) {
  const data = painted(figure.data, DATA.light, "");
  visibility(place, data);
  const layout = painted({ ...figure.layout, ...figure.picture }, DATA.light, "");
  layout.template = { layout: painted(DATA.base, DATA.light, "") };
  return { data, layout };
}

function pictures() {
  for (const button of document.querySelectorAll("button[data-picture]")) {
    button.addEventListener("click", () => {
      const place = document.querySelector(`[data-figure="${button.dataset.picture}"]`);
      const figure = DATA.figures[button.dataset.picture];
      const filename = DATA.file + "-" + figure.file;
      const { width, height } = figure.picture;
      Plotly.downloadImage(picture(place, figure), { format: "svg", filename, width, height });
    });
  }
}
