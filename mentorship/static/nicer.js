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
