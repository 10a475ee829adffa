"use strict";
// Builds every table of the page: sorting, filtering, more rows on demand, and its CSV file.
const FIRST_ROWS = 50;
const MORE_ROWS = 500;
// Milliseconds without a key before the filter selects what it finds.
const FILTER_REST = 250;
const WRITERS = {
  text: (value) => String(value),
  count: (value) => value.toLocaleString("en-US"),
  number: (value) => (typeof value === "number" ? String(Number(value.toPrecision(4))) : String(value)),
  accuracy: (value) => (100 * value).toFixed(2) + " %",
  share: (value) => (100 * value).toFixed(1) + " %",
  points: (value) => (value < 0 ? "−" : "+") + Math.abs(100 * value).toFixed(2),
  seconds: (value) => value.toFixed(1),
};

function written(value, kind) {
  if (value === null) return "–";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "string" ? value : WRITERS[kind](value);
}

function compared(a, b) {
  if (a === null || b === null) return (a === null) - (b === null);
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en", { numeric: true });
}

// Which row is the winner's and which the baseline's, by the row itself: sorting moves it.
function marked(table, row) {
  table.markOf = table.markOf || new Map(table.marks.map(([index, word]) => [table.rows[index], word]));
  return table.markOf.get(row);
}

function csv(table) {
  const quoted = (cell) => {
    if (cell === null) return "";
    let text = String(cell);
    // A spreadsheet must not run a name as a formula.
    if (typeof cell === "string" && /^[=+\-@\t\r]/.test(text)) text = "'" + text;
    return /[",\n\r]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  };
  // Points are headed as such, so they are not written as the fractions that cells hold.
  const plain = (cell, i) => (typeof cell === "number" && table.columns[i].kind === "points" ? Number((100 * cell).toPrecision(12)) : cell);
  const lines = [table.columns.map((c) => c.title), ...table.rows.map((row) => row.map(plain))];
  return lines.map((line) => line.map(quoted).join(",")).join("\r\n") + "\r\n";
}

function download(key) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([csv(DATA.tables[key])], { type: "text/csv" }));
  link.download = DATA.file + "-" + key + ".csv";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function made(tag, text, attributes = {}) {
  const element = document.createElement(tag);
  if (text !== null) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

// A table that goes on to the right says so at its edge.
function hintAtEdge(scroll, table) {
  const hint = () => scroll.classList.toggle("more-right", scroll.scrollLeft + scroll.clientWidth < scroll.scrollWidth - 4);
  scroll.addEventListener("scroll", hint, { passive: true });
  new ResizeObserver(hint).observe(table);
}

function build(place) {
  if (place.dataset.built) return;
  place.dataset.built = "yes";
  const key = place.dataset.table;
  const table = DATA.tables[key];
  const state = (place.tableState = place.tableState || { sort: null, down: false, filter: "", shown: FIRST_ROWS, without: [] });
  const tools = made("div", null, { class: "tools" });
  const rowCount = made("p", "", { class: "row-count", role: "status" });
  if (table.rows.length > 12) tools.append(filterField(place, key, table, state));
  const get = made("button", "Download CSV", { type: "button" });
  get.addEventListener("click", () => download(key));
  tools.append(rowCount);
  if (DATA.panel && key === "trials") tools.append(onlySelected(place, state));
  if (table.columns.length > 8) tools.append(columnPicker(place, table, state));
  tools.append(get);
  const scroll = made("div", null, { class: "scroll", tabindex: "0", role: "region", "aria-label": place.dataset.caption });
  const element = made("table", null, table.columns.length > 12 ? { class: table.columns.length > 20 ? "many most" : "many" } : {});
  element.append(made("caption", place.dataset.caption, { class: "unseen" }), heads(place, table, state), made("tbody", null));
  scroll.append(element);
  const more = made("button", "Show more rows", { type: "button", class: "more" });
  more.addEventListener("click", () => {
    state.shown += MORE_ROWS;
    fill(place);
  });
  place.append(tools, scroll, more);
  hintAtEdge(scroll, element);
  fill(place);
}

function filterField(place, key, table, state) {
  const label = made("label", "Filter ");
  const example = table.columns.some((c) => c.title === "state") ? "state=pruned width>=500" : "any text";
  const field = made("input", null, { type: "search", placeholder: example, id: key + "-filter", spellcheck: "false" });
  field.value = state.filter;
  field.addEventListener("input", () => {
    state.filter = field.value;
    state.shown = FIRST_ROWS;
    fill(place);
    if (!DATA.panel || key !== "trials") return;
    clearTimeout(state.waiting);
    state.waiting = setTimeout(() => selectFiltered(table, state.filter), FILTER_REST);
  });
  label.append(field);
  return label;
}

// What the filter of all trials finds is selected; clearing the filter takes that back.
function selectFiltered(table, text) {
  const { matches, fault } = matcher(table, text);
  if (fault) return;
  if (text.trim()) select(table.rows.filter(matches).map((row) => row[0]), "filter");
  else if (selected.source === "filter") select([], null);
}

function onlySelected(place, state) {
  const label = made("label", null, { class: "only" });
  const box = made("input", null, { type: "checkbox" });
  box.checked = Boolean(state.only);
  box.addEventListener("change", () => {
    state.only = box.checked;
    fill(place);
  });
  label.append(box, "Only selected");
  return label;
}

function columnPicker(place, table, state) {
  const fold = made("details", null, { class: "columns" });
  const list = made("ul", null);
  table.columns.forEach((column, index) => {
    if (!index) return;
    const label = made("label", null);
    const box = made("input", null, { type: "checkbox" });
    box.checked = !state.without.includes(index);
    box.addEventListener("change", () => {
      state.without = state.without.filter((i) => i !== index);
      if (!box.checked) state.without.push(index);
      place.querySelector("thead").replaceWith(heads(place, table, state));
      fill(place);
    });
    label.append(box, column.title);
    const item = made("li", null);
    item.append(label);
    list.append(item);
  });
  fold.append(made("summary", "Columns"), list);
  return fold;
}

function heads(place, table, state) {
  const row = made("tr", null);
  table.columns.forEach((column, index) => {
    if (state.without.includes(index)) return;
    const head = made("th", null, { scope: "col", class: column.kind, "data-column": index });
    const button = made("button", column.title, { type: "button" });
    button.addEventListener("click", () => {
      state.down = state.sort === index ? !state.down : column.kind === "accuracy";
      state.sort = index;
      fill(place);
    });
    head.append(button);
    row.append(head);
  });
  const head = made("thead", null);
  head.append(row);
  return head;
}

// Shows in the rows that are there what is selected: whoever stands on one of them stays there.
function markSelected(place) {
  if (place.tableState.only) {
    fill(place);
    return;
  }
  for (const line of place.querySelectorAll("tbody tr")) {
    const isSelected = selected.has(Number(line.dataset.trial));
    line.classList.toggle("selected", isSelected);
    line.querySelector("th input").checked = isSelected;
  }
}

// A trial's number opens it; in the list of all trials a box selects it.
function opener(cell, number, key) {
  const button = made("button", cell.textContent, { type: "button", class: "quiet", "aria-label": `Open trial ${number}` });
  button.addEventListener("click", () => openPanel([number]));
  cell.replaceChildren(button);
  if (key !== "trials") return;
  const box = made("input", null, { type: "checkbox", "aria-label": `Select trial ${number}` });
  box.checked = selected.has(number);
  box.addEventListener("change", () => toggleSelected(number));
  cell.prepend(box);
}

function fill(place) {
  const key = place.dataset.table;
  const table = DATA.tables[key];
  const state = place.tableState;
  const { matches, fault } = matcher(table, state.filter);
  let rows = table.rows.filter(matches);
  if (state.only && key === "trials" && selected.size) rows = rows.filter((row) => selected.has(row[0]));
  if (state.sort !== null) {
    const i = state.sort;
    const sign = state.down ? -1 : 1;
    rows = [...rows].sort((a, b) => (a[i] === null || b[i] === null ? 1 : sign) * compared(a[i], b[i]));
  }
  place.querySelectorAll("th[scope=col]").forEach((head) => {
    if (Number(head.dataset.column) === state.sort) head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  });
  const body = made("tbody", null);
  for (const row of rows.slice(0, state.shown)) {
    const mark = marked(table, row);
    const line = made("tr", null, mark ? { class: "marked " + mark } : {});
    row.forEach((cell, index) => {
      if (state.without.includes(index)) return;
      const kind = table.columns[index].kind;
      const text = written(cell, kind);
      const long = text.length > 60 ? " long" : text.length > 24 ? " wide" : "";
      line.append(index ? made("td", text, { class: kind + long }) : made("th", text, { scope: "row", class: kind + long }));
    });
    const first = line.firstChild;
    if (DATA.panel && table.columns[0].title === "trial") opener(first, row[0], key);
    if (mark) first.append(made("span", mark, { class: "mark" }));
    if (DATA.panel && key === "trials") {
      line.dataset.trial = row[0];
      line.classList.toggle("selected", selected.has(row[0]));
    }
    body.append(line);
  }
  place.querySelector("tbody").replaceWith(body);
  place.querySelector(".more").hidden = rows.length <= state.shown;
  const shown = Math.min(rows.length, state.shown);
  const without = state.without.length ? `, ${state.without.length} column${state.without.length > 1 ? "s" : ""} left out` : "";
  const matched = rows.length < table.rows.length && shown < rows.length ? `, ${rows.length.toLocaleString("en-US")} match` : "";
  place.querySelector(".row-count").textContent =
    fault || `${shown.toLocaleString("en-US")} of ${table.rows.length.toLocaleString("en-US")} rows${matched}${without}`;
}
