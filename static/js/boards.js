// Keeps the chosen board while its list is searched, and tells what is chosen.
import { fresh } from "./dom.js";

/** Scrolls the list, not the page. */
function showChosen(radio) {
  const option = radio?.closest("label");
  const list = option?.parentElement;
  if (option) list.scrollTop = option.offsetTop - (list.clientHeight - option.offsetHeight) / 2;
}

function enhance(picker) {
  const kept = picker.querySelector("[data-board-kept]");
  const chosen = picker.querySelector("[data-board-chosen]");
  const choice = { value: kept.value, label: kept.dataset.label ?? "" };
  const radio = () => picker.querySelector("input[type=radio]:checked");

  function show() {
    const current = radio();
    if (current) Object.assign(choice, { value: current.value, label: current.dataset.label });
    kept.value = choice.value;
    kept.disabled = Boolean(current) || !choice.value;
    chosen.hidden = !choice.value;
    chosen.querySelector("strong").textContent = choice.label;
    picker.dispatchEvent(new CustomEvent("pinapp:board", { bubbles: true, detail: { ...choice } }));
  }

  function restore() {
    const match = [...picker.querySelectorAll("input[type=radio]")].find(
      (each) => each.value === choice.value,
    );
    if (match) match.checked = true;
    show();
  }

  picker.addEventListener("change", (event) => {
    if (event.target.type === "radio") show();
  });
  picker.addEventListener("htmx:afterSwap", restore);
  picker.closest("form").elements.connection?.addEventListener?.("change", () => {
    Object.assign(choice, { value: "", label: "" });
    const current = radio();
    if (current) current.checked = false;
    show();
  });
  // Enter in the search box must not send the half-written Pin.
  picker.querySelector("input[type=search]")?.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
    if (event.key === "ArrowDown") {
      event.preventDefault();
      (radio() ?? picker.querySelector("input[type=radio]"))?.focus();
    }
  });
  showChosen(radio());
  show();
}

export function enhanceBoardPickers(root) {
  fresh(root, "[data-board-picker]", "Boards").forEach(enhance);
}
