"use strict";
// Trials that are selected in one place are selected everywhere: figures, axes, tables, bar.
// Pixels of a selected trial's line at least, and how pale what is not selected becomes.
const SELECTED_WIDTH = 2.5;
const PALE = 0.12;
const selected = new Set();

function numberOf(about) {
  return Array.isArray(about) ? about[0] : about;
}

function isOfTrials(trace) {
  return trace.meta === "trials";
}

function figureOf(place) {
  return DATA.figures[place.dataset.figure];
}

function select(numbers, source) {
  // A brush elsewhere would no longer say what is selected.
  for (const place of document.querySelectorAll("[data-figure]")) {
    if (place.dataset.figure !== source) place.brushes = undefined;
  }
  selected.clear();
  for (const number of numbers) selected.add(number);
  selected.source = source;
  showSelection();
}

function toggleSelected(number) {
  const numbers = new Set(selected);
  if (!numbers.delete(number)) numbers.add(number);
  select(numbers, "hand");
}

function showSelection() {
  const bar = document.getElementById("selection");
  if (!bar) return;
  bar.hidden = selected.size === 0;
  document.body.classList.toggle("selecting", selected.size > 0);
  const all = DATA.tables.trials.rows.length;
  const numbers = [...selected].sort((a, b) => a - b);
  const named = numbers.slice(0, 8).join(", ") + (numbers.length > 8 ? ", …" : "");
  const words = `${numbers.length.toLocaleString("en-US")} of ${all.toLocaleString("en-US")} trials selected`;
  document.getElementById("selected").textContent = `${words}${drawnWords(all)}: ${named}`;
  redraw((place) => figureOf(place).data.some(isOfTrials));
  for (const place of document.querySelectorAll("[data-table=trials][data-built]")) markSelected(place);
}

// A figure may leave trials out; whoever selects in it must know.
function drawnWords(all) {
  const figure = DATA.figures[selected.source];
  if (!figure) return "";
  const drawn = new Set(figure.data.filter(isOfTrials).flatMap((trace) => trace.customdata.map(numberOf)));
  drawn.delete(null);
  return drawn.size < all ? `, of ${drawn.size.toLocaleString("en-US")} drawn in this figure` : "";
}

// What is selected stands out: other points grow pale, lines of selected trials are drawn again on top.
function emphasised(place, traces, layout) {
  if (place.selecting) layout.dragmode = "select";
  layout.shapes = [...(layout.shapes || []), ...brushShapes(place)];
  if (!selected.size || printing) return traces;
  const above = [];
  for (const trace of traces.filter(isOfTrials)) {
    const numbers = trace.customdata.map(numberOf);
    if (trace.type === "bar" || (trace.mode || "").includes("markers")) {
      trace.selectedpoints = numbers.flatMap((number, i) => (selected.has(number) ? [i] : []));
      trace.selected = { marker: { opacity: 1 } };
      trace.unselected = { marker: { opacity: PALE } };
      continue;
    }
    const keep = numbers.map((number, i) => number === null || trace.customdata[i] === null || selected.has(number));
    const kept = (values) => values.filter((_, i) => keep[i]);
    above.push({
      ...trace,
      x: kept(trace.x),
      y: kept(trace.y),
      customdata: kept(trace.customdata),
      opacity: 1,
      line: { ...trace.line, width: Math.max(SELECTED_WIDTH, trace.line.width) },
    });
    trace.opacity = PALE;
  }
  return [...traces, ...above];
}

function brushShapes(place) {
  return [...(place.brushes || [])].map(([axis, [low, high]]) => ({
    type: "rect",
    x0: axis - 0.06,
    x1: axis + 0.06,
    y0: low,
    y1: high,
    line: { width: 1.5, color: palette().accent },
    fillcolor: palette()["accent-soft"],
    opacity: 0.8,
  }));
}

// The numbers of the trials that have a visible point within a box of the figure's own values.
function inside(place, box) {
  const found = new Set();
  const visible = figureOf(place).data.filter((trace, index) => isOfTrials(trace) && !place.hiddenGroups?.has(groupOf(trace, index)));
  const within = (value, [a, b]) => value !== null && value >= Math.min(a, b) && value <= Math.max(a, b);
  for (const trace of visible) {
    const across = trace.type === "bar" ? trace.x.map((x, i) => x / 2 + trace.base[i]) : trace.x;
    trace.customdata.forEach((about, i) => {
      if (about !== null && within(across[i], box.x) && within(trace.y[i], box.y)) found.add(numberOf(about));
    });
  }
  return found;
}

// A box over upright axes brushes each of them; trials must pass all brushes.
function brush(place, box) {
  const figure = figureOf(place);
  const [left, right] = [Math.min(...box.x), Math.max(...box.x)];
  place.brushes = place.brushes || new Map();
  for (let axis = 0; axis < figure.axes; axis++) {
    const covered = left - 0.25 <= axis && axis <= right + 0.25;
    if (covered) place.brushes.set(axis, [Math.min(...box.y), Math.max(...box.y)]);
  }
  const passing = [...place.brushes].map(([axis, ends]) => inside(place, { x: [axis - 0.01, axis + 0.01], y: ends }));
  const [first = new Set(), ...others] = passing;
  return [...first].filter((number) => others.every((one) => one.has(number)));
}

function listen(place) {
  if (!DATA.panel || place.listening) return;
  place.listening = true;
  place.on("plotly_click", (event) => {
    const point = event.points.find((one) => isOfTrials(one.data));
    if (!point) return;
    const number = numberOf(point.customdata);
    if (event.event.ctrlKey || event.event.metaKey || event.event.shiftKey) toggleSelected(number);
    else openPanel([number]);
  });
  place.on("plotly_selected", (event) => {
    if (!event?.range) return;
    select(figureOf(place).axes ? brush(place, event.range) : inside(place, event.range), place.dataset.figure);
  });
}

function selecting() {
  for (const button of document.querySelectorAll("button[data-select]")) {
    const place = document.querySelector(`[data-figure="${button.dataset.select}"]`);
    const show = () => {
      button.setAttribute("aria-pressed", String(Boolean(place.selecting)));
      button.textContent = place.selecting ? "Drag a box over the figure, or press to stop" : "Select trials";
    };
    button.addEventListener("click", () => {
      place.selecting = !place.selecting;
      show();
      draw(place);
    });
    show();
  }
  document.getElementById("unselect")?.addEventListener("click", () => select([], null));
  document.getElementById("compare")?.addEventListener("click", () => openPanel([...selected]));
}
