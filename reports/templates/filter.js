"use strict";
// The filter of a table: words, and terms such as width>=500, state != pruned or "epochs trained" > 5.
const TERM = /\s*(?:("[^"]*"|[^\s<>=!"]+)\s*(>=|<=|!=|=|<|>)\s*("[^"]*"|[^\s"<>=!]+)|("[^"]*"|\S+))/gy;
const PER_CENT = ["accuracy", "share", "points"];

function unquoted(text) {
  return text.replace(/^"|"$/g, "").trim();
}

function columnName(title) {
  return title.toLowerCase().replace(/ \(.*\)$/, "").replace(/\s+/g, "_");
}

// A column by its name, the beginning of its name, or a word of it.
function columnIndex(columns, text) {
  const asked = text.toLowerCase().replace(/\s+/g, "_");
  const names = columns.map((column) => columnName(column.title));
  const full = columns.map((column) => column.title.toLowerCase().replace(/\s+/g, "_"));
  for (const fits of [(i) => names[i] === asked, (i) => full[i].startsWith(asked), (i) => names[i].split("_").includes(asked)]) {
    const found = names.findIndex((_, i) => fits(i));
    if (found >= 0) return found;
  }
  return -1;
}

function equal(cell, kind, scale, value) {
  if (cell === null) return value === "–";
  const text = written(cell, kind).toLowerCase();
  const number = Number(value);
  return text === value || text.replace(/ %$/, "") === value || (typeof cell === "number" && Math.abs(cell * scale - number) < 1e-9);
}

function comparison(column, index, sign, value) {
  const scale = PER_CENT.includes(column.kind) ? 100 : 1;
  const plain = value.toLowerCase().replace(/\s*%$/, "").replace(/(\d),(?=\d{3})/g, "$1");
  if (sign === "=") return (row) => equal(row[index], column.kind, scale, plain) || equal(row[index], column.kind, scale, value.toLowerCase());
  if (sign === "!=") return (row) => !equal(row[index], column.kind, scale, plain) && !equal(row[index], column.kind, scale, value.toLowerCase());
  return (row) => {
    const cell = row[index];
    if (cell === null || typeof cell === "boolean") return false;
    const gap = typeof cell === "number" ? cell * scale - Number(plain) : compared(cell, plain);
    // Nine digits are more than anything is shown with: 0.98 is 98 % although 100 * 0.98 is not 98.
    const near = Math.abs(gap) < 1e-9;
    if (near) return sign.endsWith("=");
    return sign[0] === ">" ? gap > 0 : gap < 0;
  };
}

// Returns which rows match every term, and what cannot be understood.
function matcher(table, text) {
  const tests = [];
  const faults = [];
  for (const [, name, sign, value, word] of text.matchAll(TERM)) {
    if (word !== undefined) {
      // A term that is still being written says nothing yet.
      if (/[<>=!]$/.test(word) || /^[<>=!]/.test(word)) continue;
      const part = unquoted(word).toLowerCase();
      tests.push((row) => (marked(table, row) || "").includes(part) || row.some((cell, i) => written(cell, table.columns[i].kind).toLowerCase().includes(part)));
      continue;
    }
    const index = columnIndex(table.columns, unquoted(name));
    if (index < 0) faults.push(`unknown column: ${unquoted(name)}; columns are ${table.columns.map((c) => columnName(c.title)).join(", ")}`);
    else tests.push(comparison(table.columns[index], index, sign, unquoted(value)));
  }
  return { matches: (row) => tests.every((test) => test(row)), fault: faults.join(". ") };
}
