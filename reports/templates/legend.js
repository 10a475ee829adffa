"use strict";
// A figure's legend: buttons that show and hide what they name.
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
