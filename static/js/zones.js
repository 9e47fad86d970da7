// Time zones: fills in the browser's at sign-up, and warns when a form asks in another one.
import { fresh } from "./dom.js";

function browserZone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}

function clockIn(zone) {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, dateStyle: "short", timeStyle: "short" }).format(
    new Date(),
  );
}

function compare(note) {
  const here = browserZone();
  if (!here || clockIn(here) === clockIn(note.dataset.zone)) return;
  note.querySelector("[data-zone-here]").textContent = here.replaceAll("_", " ");
  note.hidden = false;
}

export function enhanceZoneNotes(root) {
  for (const input of fresh(root, "input[data-browser-time-zone]", "Zone")) {
    if (!input.value) input.value = browserZone();
  }
  for (const note of fresh(root, "[data-zone]", "Zone")) {
    try {
      compare(note);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error; // a zone this browser does not know
    }
  }
}
