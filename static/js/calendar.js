// The calendar: keys between days, and a look now and then at what others have changed.
import { enhanceDialog } from "./calendar-dialog.js";
import { enhanceDragging } from "./calendar-drag.js";
import { addDays, addressOf, isBusy, lookAgain } from "./calendar-grid.js";
import { enhanceCardKeys } from "./calendar-keys.js";
import { fresh } from "./dom.js";

const LOOK_AGAIN_MS = 60000;

function goTo(calendar, date) {
  const link = calendar.querySelector(`[data-day="${date}"]`);
  if (link) link.focus();
  else location.assign(addressOf(calendar, date, `day-${date}`));
}

const DAY_STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

function enhanceDayKeys(calendar) {
  calendar.addEventListener("keydown", (event) => {
    const day = event.target.closest?.("[data-day]")?.dataset.day;
    if (!day || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
    const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
    const steps = { ...DAY_STEPS, Home: -weekday, End: 6 - weekday };
    if (event.key in steps) goTo(calendar, addDays(day, steps[event.key]));
    else if (event.key === "PageUp") document.querySelector("[data-earlier]")?.click();
    else if (event.key === "PageDown") document.querySelector("[data-later]")?.click();
    else return;
    event.preventDefault();
  });
}

/** After the browser has scrolled to what the address names, which takes the focus away. */
function focusFromHash(calendar) {
  const id = location.hash.slice(1);
  if (id.startsWith("day-")) calendar.querySelector(`[data-day="${CSS.escape(id.slice(4))}"]`)?.focus();
  else if (id.startsWith("pin-")) document.getElementById(id)?.querySelector("a")?.focus();
}

/** On a phone a month is a long list: it opens at the present day. */
function openAtToday(calendar) {
  const today = calendar.querySelector("[data-today]");
  if (today && matchMedia("(width < 900px)").matches && window.scrollY === 0) today.scrollIntoView();
}

function enhance(calendar) {
  enhanceDayKeys(calendar);
  if (location.hash) window.addEventListener("load", () => setTimeout(() => focusFromHash(calendar)));
  else openAtToday(calendar);
  const look = () => {
    if (document.visibilityState === "visible" && !isBusy(calendar)) lookAgain(calendar);
  };
  setInterval(look, LOOK_AGAIN_MS);
  document.addEventListener("visibilitychange", look);
  if (!document.getElementById("move-dialog")) return; // somebody who only looks
  enhanceDragging(calendar);
  enhanceCardKeys(calendar);
  enhanceDialog(calendar);
}

export function enhanceCalendars(root) {
  fresh(root, "[data-calendar]", "Calendar").forEach(enhance);
}
