// Everything works without this file; it only makes some things nicer.
"use strict";

// The summary of errors is read first.
document.querySelector("[data-focus]")?.focus();

// One press is enough: a form that is on its way says so and waits.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// Tick or untick every row of a list at once.
for (const all of document.querySelectorAll("[data-all]")) {
  all.hidden = false;
  const boxes = () => document.querySelectorAll(`input[name="${all.dataset.all}"]`);
  all.addEventListener("click", () => {
    const ticked = [...boxes()].every((box) => box.checked);
    for (const box of boxes()) box.checked = !ticked;
  });
}

// A date typed in digits gets its dots.
for (const field of document.querySelectorAll("[data-date]")) {
  field.addEventListener("input", (event) => {
    if (event.inputType !== "insertText") return;
    if (/^\d\d(\.\d\d)?$/.test(field.value)) field.value += ".";
    else field.value = field.value.replace("..", ".");
  });
}

document.querySelector("[data-print]")?.addEventListener("click", () => window.print());

// What can be undone for a minute is offered for a minute.
for (const offer of document.querySelectorAll("[data-minute]")) {
  setTimeout(() => offer.remove(), 60000);
}

// A list decided with the keys alone: the rows take the focus one after another.
for (const list of document.querySelectorAll("form[data-rows]")) {
  const rows = [...list.querySelectorAll("tbody tr")];
  const legend = list.querySelector("[data-keys]");
  if (!legend || !rows.length) continue;
  legend.hidden = false;
  legend.open = window.matchMedia("(min-width: 48rem)").matches;
  rows.forEach((row, index) => (row.tabIndex = index ? -1 : 0));
  const own = () => document.activeElement.closest("tbody tr");
  const go = (step) => {
    const next = own() ? rows[rows.indexOf(own()) + step] : rows[0];
    if (!next) return;
    for (const row of rows) row.tabIndex = row === next ? 0 : -1;
    next.focus();
  };
  const box = (row) => row?.querySelector('input[type="checkbox"]');
  const press = (key) => {
    const ticked = rows.some((row) => box(row)?.checked);
    if (key === "d" && !ticked && box(own())) box(own()).checked = true;
    list.querySelector(`[data-key="${key}"]`).click();
  };
  const keys = {
    j: () => go(1),
    ArrowDown: () => go(1),
    k: () => go(-1),
    ArrowUp: () => go(-1),
    a: () => press("a"),
    d: () => press("d"),
    "?": () => (legend.open = !legend.open),
    " ": () => box(own())?.click(),
    Enter: () => own().querySelector("a").click(),
  };
  list.addEventListener("keydown", (event) => {
    // By place too: the letters of a Kazakh or Russian keyboard are others on the same keys.
    const letter = /^Key([JKAD])$/.exec(event.code)?.[1].toLowerCase();
    const act = keys[letter ?? event.key];
    if (!act || !own() || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target !== own() && [" ", "Enter"].includes(event.key)) return;
    event.preventDefault();
    act();
  });
}
