"use strict";
const cells = JSON.parse(document.getElementById("cells").textContent);
let shown = false;

function element(name, text) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  return made;
}

function seconds(number) {
  if (!number) return "";
  return number < 10 ? number.toFixed(1) + " s" : Math.round(number) + " s";
}

function time(text) {
  return text.slice(0, 16).replace("T", " ");
}

function history(past) {
  const table = element("table");
  const head = table.createTHead().insertRow();
  for (const word of ["run (UTC)", "period", "took", "reason"]) {
    const cell = element("th", word);
    cell.scope = "col";
    head.append(cell);
  }
  const body = table.createTBody();
  for (const [begun, state, took, reason] of past) {
    const row = body.insertRow();
    for (const text of [time(begun), state, seconds(took), cells.reasons[reason]]) {
      row.insertCell().textContent = text;
    }
  }
  const wide = element("div");
  wide.className = "wide";
  wide.append(table);
  return wide;
}

function show(cell) {
  const section = cell.closest("section");
  const [period, state, attempts, took, reason, past] =
    cells.studies[section.dataset.study][Number(cell.dataset.cell)];
  for (const each of section.querySelectorAll("[aria-pressed=true]")) {
    each.setAttribute("aria-pressed", "false");
  }
  cell.setAttribute("aria-pressed", "true");
  const detail = section.querySelector(".detail");
  const facts = [state];
  if (took) facts.push("took " + seconds(took));
  if (attempts) facts.push(attempts + (attempts === 1 ? " attempt" : " attempts"));
  detail.replaceChildren(element("h3", period), element("p", facts.join(", ")));
  if (cells.reasons[reason]) detail.append(element("p", cells.reasons[reason]));
  if (past.length) detail.append(history(past));
  shown = true;
}

function move(cell, key) {
  const cells = [...cell.closest("section").querySelectorAll("button.c")];
  const line = [...cell.closest(".cells").children];
  const place = cells.indexOf(cell);
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -line.length, ArrowDown: line.length };
  let next = key === "Home" ? 0 : key === "End" ? cells.length - 1 : place + steps[key];
  next = Math.max(0, Math.min(cells.length - 1, next));
  cell.tabIndex = -1;
  cells[next].tabIndex = 0;
  cells[next].focus();
}

document.addEventListener("click", (event) => {
  const cell = event.target.closest("button.c");
  if (!cell) return;
  for (const each of cell.closest("section").querySelectorAll("button.c")) each.tabIndex = -1;
  cell.tabIndex = 0;
  show(cell);
});
document.addEventListener("keydown", (event) => {
  const cell = event.target.closest("button.c");
  if (!cell || !/^(Arrow(Left|Right|Up|Down)|Home|End)$/.test(event.key)) return;
  event.preventDefault();
  move(cell, event.key);
});
setInterval(() => { if (!shown && !document.activeElement.closest("button.c")) location.reload(); }, 60000);
