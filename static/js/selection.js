// Boxes that choose many: all, a group, one; and how many are chosen. Without it each box still counts.
import { fresh } from "./dom.js";

export function describeChosen(count) {
  return count === 1 ? "1 Pin chosen" : `${count} Pins chosen`;
}

function boxes(root, kind) {
  return [...root.querySelectorAll(`input[data-select-${kind}]`)];
}

/** A box stands for what lies below it: on when all of it is, half when some of it is. */
function mirror(box, below) {
  const chosen = below.filter((each) => each.checked).length;
  const half = below.some((each) => each.indeterminate);
  box.checked = below.length > 0 && chosen === below.length && !half;
  box.indeterminate = !box.checked && (chosen > 0 || half);
}

function countChosen(form) {
  const all = boxes(form, "all")[0];
  if (all?.checked) return Number(all.dataset.count);
  let count = 0;
  for (const group of form.querySelectorAll("[data-select-group]")) {
    const whole = boxes(group, "rows")[0];
    count += whole?.checked
      ? Number(whole.dataset.count)
      : boxes(group, "row").filter((each) => each.checked).length;
  }
  return count;
}

function settle(form, changed) {
  const all = boxes(form, "all")[0];
  const groups = [...form.querySelectorAll("[data-select-group]")];
  if (changed === all)
    for (const box of [...boxes(form, "rows"), ...boxes(form, "row")]) box.checked = all.checked;
  for (const group of groups) {
    const whole = boxes(group, "rows")[0];
    const rows = boxes(group, "row");
    if (changed === whole) for (const box of rows) box.checked = whole.checked;
    // A group that goes on overleaf is whole only if its own box says so.
    else if (changed !== all && rows.includes(changed)) {
      if (Number(whole.dataset.count) === rows.length || !changed.checked) mirror(whole, rows);
      else whole.indeterminate = !whole.checked;
    }
  }
  if (all && changed !== all) {
    mirror(all, boxes(form, "rows"));
    const onPage = boxes(form, "rows").reduce((sum, box) => sum + Number(box.dataset.count), 0);
    if (onPage < Number(all.dataset.count)) all.checked = false;
  }
  const label = form.querySelector("[data-selection-count]");
  if (!label) return;
  const count = countChosen(form);
  label.hidden = false;
  label.textContent = count ? describeChosen(count) : "None chosen";
}

export function enhanceSelections(root) {
  for (const form of fresh(root, "form[data-selection]", "Selection")) {
    form.addEventListener("change", (event) => settle(form, event.target));
    settle(form, null);
    // The browser may bring boxes back as they were when it comes back to the page.
    window.addEventListener("pageshow", () => settle(form, null));
  }
}
