"use strict";
// A trial, or several side by side, beside baseline and winner: values, learning curves, commands.
const MOST_BESIDE = 6;
const LINES = ["good", "luck", "published", "trial", "text", "bad"];

function trialRow(number) {
  const table = DATA.tables.trials;
  table.rowOf = table.rowOf || new Map(table.rows.map((row) => [row[0], row]));
  return table.rowOf.get(number);
}

// Where a table of trials has the study's measure, and a value of it turned so that more is better.
function measuredColumn(table) {
  return table.columns.findIndex((column) => column.title === DATA.panel.column);
}

function scoreOf(value) {
  if (value === null) return -1e300;
  return DATA.panel.is_lower_better ? -value : value;
}

function trialTitle(number) {
  const roles = [];
  if (number === DATA.panel.winner) roles.push(DATA.panel.word);
  if (number === DATA.panel.baseline) roles.push("baseline");
  return `trial ${number}` + (roles.length ? ` (${roles.join(", ")})` : "");
}

// The trials asked for, the best first where they are too many; then baseline and winner.
function beside(numbers) {
  const measured = measuredColumn(DATA.tables.trials);
  const best = (a, b) => scoreOf(trialRow(b)[measured]) - scoreOf(trialRow(a)[measured]) || a - b;
  const asked = numbers.length > MOST_BESIDE ? [...numbers].sort(best).slice(0, MOST_BESIDE) : numbers;
  return [...new Set([...asked, DATA.panel.winner, DATA.panel.baseline].filter((number) => number !== null && trialRow(number)))];
}

function openPanel(numbers) {
  const panel = document.getElementById("panel");
  if (!panel || !numbers.length) return;
  panel.numbers = numbers;
  const shown = beside(numbers);
  const asked = shown.slice(0, Math.min(numbers.length, MOST_BESIDE));
  const alone = numbers.length === 1;
  const title = alone ? trialTitle(numbers[0]) : `${asked.length} trials side by side`;
  const head = made("div", null, { class: "panel-head" });
  const close = made("button", "Close", { type: "button", class: "close" });
  close.addEventListener("click", () => panel.close());
  head.append(made("h2", title[0].toUpperCase() + title.slice(1), { id: "panel-title" }), ...(alone ? stepButtons(numbers[0]) : []), close);
  const parts = [head];
  if (numbers.length > asked.length) parts.push(made("p", `The best ${asked.length} of the ${numbers.length} selected trials.`, { class: "aid" }));
  parts.push(valueTable(shown), curvePlace(shown), ...asked.map(commandBlock));
  const pressed = panel.contains(document.activeElement) ? document.activeElement.textContent : null;
  for (const old of panel.querySelectorAll(".js-plotly-plot")) Plotly.purge(old);
  panel.replaceChildren(...parts);
  if (!panel.open) panel.showModal();
  // Whoever pressed a button goes on from it.
  const same = [...panel.querySelectorAll(".panel-head button")].find((button) => button.textContent === pressed);
  if (same) (same.disabled ? panel.querySelector(".close") : same).focus();
  drawCurves(shown);
}

function stepButtons(number) {
  const numbers = DATA.tables.trials.rows.map((row) => row[0]);
  const at = numbers.indexOf(number);
  const step = (text, to) => {
    const button = made("button", text, { type: "button" });
    button.disabled = numbers[to] === undefined;
    button.addEventListener("click", () => openPanel([numbers[to]]));
    return button;
  };
  const pick = made("button", selected.has(number) ? "Unselect" : "Select", { type: "button" });
  pick.addEventListener("click", () => {
    toggleSelected(number);
    pick.textContent = selected.has(number) ? "Unselect" : "Select";
  });
  return [step("Previous", at - 1), step("Next", at + 1), pick];
}

// One line a column of the trial table; what differs from the baseline's value stands out.
function valueTable(numbers) {
  const { columns } = DATA.tables.trials;
  const rows = numbers.map(trialRow);
  const table = made("table", null);
  const top = made("tr", null);
  top.append(made("td", null), ...numbers.map((number) => made("th", trialTitle(number), { scope: "col" })));
  const body = made("tbody", null);
  const base = DATA.panel.baseline === null ? undefined : trialRow(DATA.panel.baseline);
  columns.forEach((column, i) => {
    if (i === 0 || rows.every((row) => row[i] === null)) return;
    const line = made("tr", null);
    line.append(made("th", column.title, { scope: "row" }));
    const searched = DATA.panel.parameters.includes(column.title);
    for (const row of rows) {
      const text = written(row[i], column.kind);
      const differs = searched && base && row[i] !== base[i];
      line.append(made("td", text, { class: differs ? "differs" : text.length > 24 ? "long" : column.kind }));
    }
    body.append(line);
  });
  const thead = made("thead", null);
  thead.append(top);
  table.append(made("caption", "Values beside those of baseline and winner", { class: "unseen" }), thead, body);
  const scroll = made("div", null, { class: "scroll", tabindex: "0", role: "region", "aria-label": "Values of the trials" });
  scroll.append(table);
  hintAtEdge(scroll, table);
  return scroll;
}

function curvePlace(numbers) {
  const with_ = numbers.filter((number) => DATA.panel.curves[number]);
  if (!with_.length) return made("p", "No learning curve of these trials is on this page.", { class: "notyet" });
  return made("div", null, { id: "panel-curves", class: "plot", role: "img", "aria-label": `Validation ${DATA.panel.title} after each epoch of these trials` });
}

function drawCurves(numbers) {
  const place = document.getElementById("panel-curves");
  if (!place) return;
  place.style.height = "320px";
  const colours = palette();
  let next = 0;
  const traces = numbers
    .filter((number) => DATA.panel.curves[number])
    .map((number) => {
      const isBase = number === DATA.panel.baseline;
      const role = isBase ? "baseline" : number === DATA.panel.winner ? "accent" : LINES[next++ % LINES.length];
      const colour = colours[role];
      const values = DATA.panel.curves[number];
      return {
        type: "scatter",
        mode: values.length > 1 ? "lines" : "markers",
        name: trialTitle(number),
        x: values.map((_, i) => i + 1),
        y: values,
        line: { color: colour, width: 2.5, dash: isBase ? "dash" : "solid" },
        marker: { color: colour },
        hovertemplate: `${trialTitle(number)}, epoch %{x}<br>%{y:${hoverFormat(DATA.panel.kind)}}<extra></extra>`,
      };
    });
  const longest = Math.max(...traces.map((trace) => trace.x.length));
  const layout = {
    template: { layout: painted(DATA.base, colours, "") },
    height: 320,
    showlegend: true,
    dragmode: false,
    xaxis: { title: { text: "epoch" }, ...(longest <= 12 ? { dtick: 1 } : {}), range: [0.8, longest + 0.2] },
    yaxis: { title: { text: `validation ${DATA.panel.title}` }, ...tickFormat(DATA.panel.kind) },
  };
  Plotly.newPlot(place, traces, layout, CONFIG);
}

function hoverFormat(kind) {
  return kind === "accuracy" ? ".2%" : ".4f";
}

function tickFormat(kind) {
  return kind === "accuracy" ? { tickformat: ".1%" } : {};
}

function commandBlock(number) {
  if (!DATA.panel.commands.length) return "";
  const block = made("div", null, { class: "commands" });
  const text = DATA.panel.commands.map((pieces) => pieces.join(number)).join("\n");
  const id = `panel-commands-${number}`;
  const button = made("button", "Copy", { type: "button", class: "quiet", "data-copy": id, "aria-label": `Copy: train trial ${number} again` });
  button.addEventListener("click", () => copy(button));
  block.append(made("h3", `Train trial ${number} again`), made("pre", text, { id, tabindex: "0" }), button);
  return block;
}
