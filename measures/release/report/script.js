"use strict";
// Adds to a page that is whole without it: a picker of groups, numbers under the pointer, tables as CSV.
(() => {
  const main = document.querySelector("main");
  const all = (what, within = document) => [...within.querySelectorAll(what)];

  // The picker shows one grouping, or all. Print shows all whatever is picked.
  for (const pick of all("select[data-pick]")) {
    pick.closest("[hidden]").hidden = false;
    const blocks = all("[data-group]", document.getElementById(pick.dataset.pick));
    const show = () => {
      for (const block of blocks) {
        block.classList.toggle("away", pick.value !== "" && block.dataset.group !== pick.value);
      }
    };
    pick.addEventListener("change", show);
    show(); // a browser may remember what was picked
  }

  // Tables as CSV: what a spreadsheet would run as a formula becomes text.
  // What spans columns is said in each of them.
  const cells = (row) => [...row.cells].flatMap((each) => Array(each.colSpan).fill(each.textContent));
  const cell = (value) => {
    const text = /^\s*[=+\-@\t\r]/.test(value) && !/^-?[\d.,]+$/.test(value) ? "'" + value : value;
    return /[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  };
  const lines = (table) => {
    const heads = all("thead th", table).map((each) => each.textContent);
    const first = [main.dataset.study, main.dataset.release, main.dataset.records];
    const found = [["study", "release", "records", "group", ...heads]];
    for (const body of table.tBodies) {
      let group = "";
      for (const row of body.rows) {
        if (row.className === "group") {
          group = row.textContent;
        } else {
          const values = cells(row).map(plain);
          found.push([...first, group, ...values]);
        }
      }
    }
    return found.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
  };
  // 18,450 is a number for people; programs want 18450.
  const plain = (text, place) => (place && /^[\d,.]+$/.test(text) ? text.replaceAll(",", "") : text);
  for (const button of all("button[data-csv]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const table = button.closest("details").querySelector("table");
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob(["\ufeff" + lines(table)], { type: "text/csv;charset=utf-8" }));
      link.download = button.dataset.csv + ".csv";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
  }

  // Numbers under the pointer, read from the table of the chart.
  const tip = document.createElement("div");
  tip.id = "tip";
  tip.hidden = true;
  document.body.append(tip);
  const NS = document.querySelector("svg").namespaceURI;
  const hair = document.createElementNS(NS, "line");
  hair.setAttribute("class", "hair");
  const tables = new Map(all("table[data-of]").map((table) => [table.dataset.of, table]));
  const rowsOf = (svg) => {
    const table = tables.get(svg.closest("[data-chart]").dataset.chart);
    const body = table && table.tBodies[svg.dataset.panel];
    return body ? [...body.rows].filter((row) => row.className !== "group") : [];
  };
  const leave = () => {
    tip.hidden = true;
    hair.remove();
  };
  const move = (event) => {
    const svg = event.currentTarget;
    const rows = rowsOf(svg);
    if (!rows.length) return;
    const [width, height] = svg.dataset.plot.split(" ").map(Number);
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    const times = rows.map((row) => Date.parse(row.cells[0].textContent));
    const [first, last] = svg.dataset.time.split(" ").map(Date.parse);
    const place = (time) => (last > first ? ((time - first) / (last - first)) * width : 0);
    const near = times.reduce((best, time, number) =>
      Math.abs(place(time) - at.x) < Math.abs(place(times[best]) - at.x) ? number : best, 0);
    const x = place(times[near]);
    for (const [name, value] of Object.entries({ x1: x, x2: x, y1: 0, y2: height })) hair.setAttribute(name, value);
    svg.append(hair);
    const [from, numerator, denominator, rate, low, high] = cells(rows[near]);
    const unit = tables.get(svg.closest("[data-chart]").dataset.chart).tHead.rows[0].cells[3].textContent;
    tip.textContent = rate === "[c]"
      ? `From ${from}: withheld`
      : `From ${from}: ${rate} ${unit}, between ${low} and ${high} (${numerator} of ${denominator})`;
    tip.hidden = false;
    const left = Math.min(event.pageX + 14, scrollX + document.documentElement.clientWidth - tip.offsetWidth - 8);
    tip.style.left = Math.max(left, 4) + "px";
    tip.style.top = event.pageY + 18 + "px";
  };
  for (const svg of all("svg[data-panel]")) {
    // the browser's own bubble would lie over ours
    const title = svg.querySelector("title");
    svg.setAttribute("aria-label", title.textContent);
    title.remove();
    svg.addEventListener("pointermove", move);
    svg.addEventListener("pointerdown", move);
    svg.addEventListener("pointerleave", leave);
  }
  document.addEventListener("keydown", (event) => event.key === "Escape" && leave());
})();
