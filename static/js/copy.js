// Copies a text and says so on the button itself.
import { fresh } from "./dom.js";

const SHOWN_MS = 1800;

function enhance(button) {
  const label = button.querySelector("[data-copy-label]") ?? button;
  const text = label.textContent;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      label.textContent = "Copied";
    } catch {
      label.textContent = "Press Ctrl+C"; // clipboard access may be refused outside HTTPS
      const range = document.createRange();
      const { copyFrom } = button.dataset;
      const source = copyFrom ? document.querySelector(copyFrom) : button.parentElement.querySelector("code");
      if (source) {
        range.selectNodeContents(source);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
      }
    }
    setTimeout(() => {
      label.textContent = text;
    }, SHOWN_MS);
  });
}

export function enhanceCopies(root) {
  fresh(root, "[data-copy]", "Copy").forEach(enhance);
}
