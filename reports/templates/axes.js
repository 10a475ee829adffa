"use strict";
// The scatter whose axes and colour the reader chooses from the columns of the trial table.
function colourChoices() {
  const { title } = DATA.panel;
  return [
    ["role", "baseline and best"],
    ["measure", title],
    ["rank", `rank of ${title}`],
  ];
}

// What the reader chose, which an update must not undo.
let keptAxes = {};

function freeAxes() {
  for (const tools of document.querySelectorAll("[data-axes]")) {
    const table = DATA.tables[tools.dataset.from];
    const titles = table.columns.map((column) => column.title);
    const kept = keptAxes[tools.dataset.axes] || {};
    // By their titles: an update may bring other columns.
    const column = (title, otherwise) => titles.indexOf(titles.includes(title) ? title : otherwise);
    const state = {
      x: column(kept.x, tools.dataset.across),
      y: column(kept.y, tools.dataset.up),
      logX: Boolean(kept.logX),
      logY: Boolean(kept.logY),
      colour: kept.colour || "role",
    };
    const place = document.querySelector(`[data-figure="${tools.dataset.axes}"]`);
    const build = () => {
      keptAxes[tools.dataset.axes] = { ...state, x: titles[state.x], y: titles[state.y] };
      DATA.figures[tools.dataset.axes] = freeFigure(table, state);
      if (place.dataset.drawn) draw(place);
    };
    const useful = titles.map((_, i) => i).filter((i) => new Set(table.rows.map((row) => row[i])).size > 1 || i === state.x || i === state.y);
    const options = useful.map((i) => [i, titles[i]]);
    const axis = (name, key, log) => {
      const group = made("div", null, { class: "axis" });
      const choose = picker(name, options, state[key], (value) => ((state[key] = Number(value)), build()));
      group.append(choose, logBox(name, state[log], () => ((state[log] = !state[log]), build())));
      return group;
    };
    tools.append(
      axis("Across", "x", "logX"),
      axis("Up", "y", "logY"),
      picker("Colour", colourChoices(), state.colour, (value) => ((state.colour = value), build())),
    );
    build();
  }
}

function picker(text, options, value, changed) {
  const label = made("label", text + " ");
  const list = made("select", null, { "aria-label": text });
  for (const [key, name] of options) list.append(made("option", name, { value: String(key) }));
  list.value = String(value);
  list.addEventListener("change", () => changed(list.value));
  label.append(list);
  return label;
}

function logBox(axis, isLog, changed) {
  const label = made("label", null);
  const box = made("input", null, { type: "checkbox", "aria-label": `${axis}: log scale` });
  box.checked = isLog;
  box.addEventListener("change", changed);
  label.append(box, "log");
  return label;
}

function freeFigure(table, state) {
  const measured = measuredColumn(table);
  const rows = table.rows.filter((row) => row[state.x] !== null && row[state.y] !== null);
  const across = freeAxis(table, rows, state.x, state.logX);
  const up = freeAxis(table, rows, state.y, state.logY);
  const drawn = rows.filter((row) => across.place(row) !== null && up.place(row) !== null);
  const marks = (row) => marked(table, row) || "";
  const shapes = { baseline: "square", best: "diamond", winner: "diamond" };
  const colours = { baseline: "$baseline", best: "$accent", winner: "$accent" };
  const by = new Map();
  for (const row of drawn) {
    if (!by.has(marks(row))) by.set(marks(row), []);
    by.get(marks(row)).push(row);
  }
  const order = [...by.keys()].sort((a, b) => a.length - b.length);
  const scale = state.colour === "role" ? null : coloured(drawn, measured, state.colour === "rank");
  const data = order.map((role, i) => {
    const some = by.get(role);
    return {
      type: "scatter",
      mode: "markers",
      meta: "trials",
      name: role || "trial",
      x: some.map(across.place),
      y: some.map(up.place),
      customdata: some.map((row) => [row[0], escaped(written(row[state.x], across.kind)), escaped(written(row[state.y], up.kind)), written(row[measured], DATA.panel.kind)]),
      marker: {
        symbol: shapes[role] || "circle",
        size: role ? 13 : 8,
        opacity: role ? 1 : 0.8,
        ...(scale ? { ...scale, color: some.map(scale.of), showscale: i === 0, line: { width: role ? 2 : 0.5, color: "$text" } } : { color: colours[role] || "$trial" }),
      },
      hovertemplate: `trial %{customdata[0]}<br>${escaped(across.title)} %{customdata[1]}<br>${escaped(up.title)} %{customdata[2]}<br>${DATA.panel.title} %{customdata[3]}<extra></extra>`,
    };
  });
  const hidden = table.rows.length - drawn.length;
  const layout = { xaxis: across.layout, yaxis: up.layout, margin: { t: 26 }, uirevision: [state.x, state.y, state.logX, state.logY].join() };
  if (hidden) {
    layout.annotations = [{ text: `${hidden.toLocaleString("en-US")} of the trials have no value for these axes`, xref: "paper", yref: "paper", x: 1, y: 1, xanchor: "right", yanchor: "bottom", showarrow: false, font: { size: 11, color: "$muted" } }];
  }
  const title = `${DATA.file}: ${up.title} over ${across.title}`;
  const picture = { title: { text: escaped(title) }, showlegend: true, width: 900, height: 560, margin: { t: 80 } };
  return { data, layout, height: 440, min_width: 0, axes: 0, file: "axes", picture };
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("%{", "% {");
}

// Numbers stand where they are; words and switches stand in a row, in the order of their names.
function freeAxis(table, rows, index, log) {
  const { title, kind } = table.columns[index];
  const numbers = rows.every((row) => typeof row[index] === "number");
  const base = { title, kind };
  if (!numbers) {
    const names = [...new Set(rows.map((row) => row[index]))].sort(compared);
    const layout = { title: { text: escaped(title) }, tickvals: names.map((_, i) => i), ticktext: names.map((name) => escaped(written(name, kind)).slice(0, 24)), range: [-0.6, names.length - 0.4] };
    return { ...base, layout, place: (row) => names.indexOf(row[index]) + (((row[0] * 7) % 11) - 5) * 0.03 };
  }
  const layout = { title: { text: escaped(log ? `${title} (log)` : title) }, type: log ? "log" : "linear", ...tickFormat(kind) };
  return { ...base, layout, place: (row) => (log && row[index] <= 0 ? null : row[index]) };
}

function coloured(rows, measured, byRank) {
  const known = rows.filter((row) => row[measured] !== null).sort((a, b) => scoreOf(b[measured]) - scoreOf(a[measured]));
  const ranks = new Map(known.map((row, i) => [row, i + 1]));
  // From the worst that has a colour of its own to the best.
  const ends = [known[Math.floor(0.9 * (known.length - 1))], known[0]].map((row) => (row ? row[measured] : undefined)).sort((a, b) => a - b);
  return {
    of: byRank ? (row) => ranks.get(row) ?? null : (row) => row[measured],
    cmin: byRank ? 1 : ends[0],
    cmax: byRank ? Math.max(2, known.length) : ends[1],
    reversescale: byRank || DATA.panel.is_lower_better,
    colorscale: [
      [0, "$low"],
      [0.5, "$mid"],
      [1, "$high"],
    ],
    colorbar: { thickness: 10, outlinewidth: 0, title: { text: byRank ? "rank" : DATA.panel.title }, ...(byRank ? {} : tickFormat(DATA.panel.kind)) },
  };
}
