"use strict";
// Draws the page's figures one after another, in the reader's colours, each with its own legend.
const DATA = JSON.parse(document.getElementById("page-data").textContent);
const DARK = window.matchMedia("(prefers-color-scheme: dark)");
const NARROW = window.matchMedia("(max-width: 640px)");
const TOUCH = window.matchMedia("(pointer: coarse)");
const SVG = "http://www.w3.org/2000/svg";
// Widths in pixels of a figure on paper: A4 and Letter have room for them.
const PAPER = { whole: 660, half: 316 };
let printing = false;

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
  const { data, layout } = whole(figure);
  visibility(place, data);
  if (printing) layout.width = place.closest(".grid") ? PAPER.half : PAPER.whole;
  if (figure.min_width) place.style.minWidth = figure.min_width + "px";
  await Plotly.react(place, data, layout, CONFIG);
  place.dataset.drawn = "yes";
  place.setAttribute("aria-busy", "false");
  legend(place, data);
}

function groupOf(trace, index) {
  return trace.legendgroup || "trace " + index;
}

function legend(place, data) {
  const list = document.getElementById(place.dataset.figure + "-legend");
  if (!list) return;
  const focused = [...list.querySelectorAll("button")].indexOf(document.activeElement);
  list.replaceChildren();
  data.forEach((trace, index) => {
    if (!trace.name || trace.showlegend === false) return;
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.append(swatch(trace), decoded(trace.name));
    button.setAttribute("aria-pressed", String(trace.visible !== "legendonly"));
    button.title = "Show or hide";
    button.addEventListener("click", () => toggle(place, groupOf(trace, index)));
    item.append(button);
    list.append(item);
  });
  list.hidden = list.children.length < 2;
  if (focused >= 0) list.querySelectorAll("button")[focused]?.focus();
}

function toggle(place, group) {
  // Figures side by side share the legend of the first.
  const grid = place.closest(".grid");
  const places = grid ? [...grid.querySelectorAll("[data-figure]")] : [place];
  const hide = !place.hiddenGroups?.has(group);
  for (const one of places) {
    one.hiddenGroups = one.hiddenGroups || new Set();
    if (hide) one.hiddenGroups.add(group);
    else one.hiddenGroups.delete(group);
    draw(one);
  }
}

function decoded(text) {
  // Names in figures carry the five entities plotly reads; as plain text they must not.
  const plain = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'", "&amp;": "&" };
  return text.replace(/&(lt|gt|quot|#x27|amp);/g, (entity) => plain[entity]);
}

function swatch(trace) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 28 12");
  svg.setAttribute("aria-hidden", "true");
  const mode = trace.mode || "lines";
  const dashes = { dash: "6 4", dot: "2 3", dashdot: "7 3 2 3", longdash: "10 4" };
  if (mode.includes("lines") || trace.type === "bar") {
    const stroke = document.createElementNS(SVG, trace.type === "bar" ? "rect" : "line");
    const box = trace.type === "bar" ? { x: 6, y: 1, width: 16, height: 10 } : { x1: 0, x2: 28, y1: 6, y2: 6 };
    for (const [name, value] of Object.entries(box)) stroke.setAttribute(name, value);
    const colour = trace.type === "bar" ? trace.marker.color : trace.line.color;
    stroke.setAttribute(trace.type === "bar" ? "fill" : "stroke", colour);
    stroke.setAttribute("stroke-width", trace.type === "bar" ? 0 : Math.min(3, trace.line.width || 2));
    if (trace.line && dashes[trace.line.dash]) stroke.setAttribute("stroke-dasharray", dashes[trace.line.dash]);
    if (trace.opacity) stroke.setAttribute("opacity", Math.max(0.7, trace.opacity));
    svg.append(stroke);
    const marks = { "/": "M8 9l5-6M13 9l5-6", x: "M9 3l6 6M15 3l-6 6", "-": "M7 4h14M7 8h14", ".": "M10 6h2M16 6h2" };
    const mark = trace.type === "bar" && marks[trace.marker.pattern?.shape];
    if (mark) {
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("d", mark);
      path.setAttribute("stroke", trace.marker.pattern.fgcolor);
      path.setAttribute("stroke-width", "1.5");
      path.setAttribute("fill", "none");
      svg.append(path);
    }
  }
  if (mode.includes("markers") && trace.type !== "bar") svg.append(symbol(trace.marker));
  return svg;
}

function symbol(marker) {
  const paths = {
    circle: "M14 2a4 4 0 1 0 .01 0z",
    diamond: "M14 1l5 5-5 5-5-5z",
    square: "M10 2h8v8h-8z",
    x: "M10 2l8 8M18 2l-8 8",
    triangle: "M9 2h10l-5 9z",
    star: "M14 0l1.5 4.2H20l-3.6 2.7 1.3 4.3L14 8.6l-3.7 2.6 1.3-4.3L8 4.2h4.5z",
    line: "M14 1v10",
  };
  const name = marker.symbol || "circle";
  const open = name.includes("open");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", paths[name.split("-")[0]] || paths.circle);
  const colour = Array.isArray(marker.color) ? "currentColor" : marker.color;
  path.setAttribute("fill", open ? "none" : colour);
  const edge = marker.line?.width >= 1 && typeof marker.line.color === "string" ? marker.line.color : "none";
  path.setAttribute("stroke", open ? colour : edge);
  path.setAttribute("stroke-width", "1.8");
  return path;
}

function hiddenNow(place) {
  return place.closest("[hidden], details:not([open])") !== null;
}

// One figure an idle moment: the page stays quick to scroll while they appear from the top down.
let drawing = false;
function drawAll() {
  if (drawing) return;
  drawing = true;
  document.documentElement.dataset.figures = "drawing";
  const idle = window.requestIdleCallback || ((work) => setTimeout(work, 16));
  const next = async () => {
    const waiting = [...document.querySelectorAll("[data-figure]:not([data-drawn])")];
    const place = waiting.find((p) => !hiddenNow(p));
    if (!place) {
      drawing = false;
      document.documentElement.dataset.figures = "drawn";
      return;
    }
    await draw(place);
    idle(next, { timeout: 200 });
  };
  next();
}

// A figure that was hidden while the window changed has an old width.
function fit() {
  for (const place of document.querySelectorAll("[data-drawn]")) {
    if (!hiddenNow(place)) Plotly.Plots.resize(place);
  }
}

function redraw() {
  for (const place of document.querySelectorAll("[data-drawn]")) draw(place);
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
