// Starts every enhancement, on the page and on whatever htmx puts into it later.
import htmx from "htmx.org/dist/htmx.esm.js";
import { announceChanges } from "./announce.js";
import { enhanceBoardPickers } from "./boards.js";
import { enhanceCalendars } from "./calendar.js";
import { enhanceCharts } from "./charts.js";
import { enhanceConfirms } from "./confirm.js";
import { enhanceCopies } from "./copy.js";
import { enhanceCounters } from "./counters.js";
import { enhanceDropzones } from "./dropzone.js";
import { reportFailedRequests } from "./failures.js";
import { enhanceFilters } from "./filters.js";
import { enhanceImages } from "./images.js";
import { enhanceMenus } from "./menus.js";
import { enhancePasswords } from "./passwords.js";
import { enhancePreviews } from "./preview.js";
import { enhancePrints, unfoldForPrint } from "./prints.js";
import { enhanceRows } from "./rows.js";
import { enhanceSelections } from "./selection.js";
import { enhanceSlides } from "./slides.js";
import { enhanceSubmits } from "./submits.js";
import { enhanceThemeSwitches } from "./themes.js";
import { tickTimes } from "./times.js";
import { enhanceToasts } from "./toasts.js";
import { enhanceVideos } from "./video.js";
import { enhanceZoneNotes } from "./zones.js";

window.htmx = htmx;

const enhancements = [
  enhanceBoardPickers,
  enhanceCalendars,
  enhanceCharts,
  enhanceCopies,
  enhanceCounters,
  enhanceDropzones,
  enhanceImages,
  enhancePasswords,
  enhancePreviews,
  enhancePrints,
  enhanceRows,
  enhanceSelections,
  enhanceThemeSwitches,
  enhanceToasts,
  enhanceZoneNotes,
  // After the previews, which listen to them.
  enhanceSlides,
  enhanceVideos,
];

function enhance(root) {
  for (const apply of enhancements) apply(root);
}

enhance(document);
enhanceConfirms();
enhanceFilters();
enhanceMenus();
enhanceSubmits();
tickTimes();
unfoldForPrint();
announceChanges();
reportFailedRequests();
htmx.onLoad((element) => {
  if (element !== document.body) enhance(element);
});
document.querySelector("[data-focus-first], .alert[data-focus]")?.focus();
