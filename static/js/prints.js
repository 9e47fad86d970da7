// A button that prints the page, and tables that are folded on the screen but not on paper.
import { fresh } from "./dom.js";

function enhance(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

export function unfoldForPrint() {
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details[data-prints-open]:not([open])")];
    for (const each of opened) each.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const each of opened) each.open = false;
    opened = [];
  });
}

export function enhancePrints(root) {
  fresh(root, "[data-prints]", "Prints").forEach(enhance);
}
