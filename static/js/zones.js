// Warns when the person's computer keeps another time than the one the form asks in.
import { fresh } from "./dom.js";

function clockIn(zone) {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, dateStyle: "short", timeStyle: "short" }).format(new Date());
}

export function enhanceZoneNotes(root) {
  for (const note of fresh(root, "[data-zone]", "Zone")) {
    try {
      const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
      if (!here || clockIn(here) === clockIn(note.dataset.zone)) continue;
      note.querySelector("[data-zone-here]").textContent = here.replaceAll("_", " ");
      note.querySelector("[data-zone-now]").textContent = clockIn(note.dataset.zone).split(", ")[1];
      note.hidden = false;
    } catch {
      // a zone this browser does not know: nothing to compare with
    }
  }
}
