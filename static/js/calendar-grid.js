// Days and cells of the calendar's page, and taking over what the server shows in them by now.
import { enhanceImages } from "./images.js";

const DAY_MS = 24 * 60 * 60 * 1000;

/** `2026-11-24` some days on, in the calendar that has no clocks. */
export function addDays(date, days) {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Wall-clock arithmetic without a zone: the server says what a night's change makes of it. */
export function addHours(date, clock, hours) {
  const later = new Date(Date.parse(`${date}T${clock}:00Z`) + hours * 60 * 60 * 1000).toISOString();
  return { date: later.slice(0, 10), clock: later.slice(11, 16) };
}

/** The cell in which a time is shown, or null when it is on another page. */
export function cellOf(calendar, { date, clock, again, draft }) {
  if (draft) return calendar.querySelector("[data-drop-draft]");
  const cells = [...calendar.querySelectorAll(`[data-drop-date="${date}"]`)];
  if (!cells.length || !cells[0].dataset.dropClock) return cells[0] ?? null;
  const before = cells.filter(
    (cell) => cell.dataset.dropClock <= clock && Boolean(cell.dataset.dropAgain) === Boolean(again),
  );
  return before.at(-1) ?? null;
}

/** The address of a calendar page that shows a day, in the same view with the same filters. */
export function addressOf(calendar, date, hash = "") {
  const address = new URL(location.href);
  address.searchParams.set("view", calendar.dataset.view);
  address.searchParams.set("date", date);
  address.hash = hash;
  return address.href;
}

function signature(cell) {
  const cards = [...cell.querySelectorAll(".cal-card")].map((card) => {
    const { pin, status, date, clock, title } = card.dataset;
    return [pin, status, date, clock, title, card.querySelector(".cal-card-text").textContent];
  });
  return JSON.stringify([cards, cell.querySelector(".cal-more")?.textContent.trim(), "past" in cell.dataset]);
}

function takeOver(cell, now) {
  for (const name of ["data-empty", "data-past", "data-now"])
    cell.toggleAttribute(name, now.hasAttribute(name));
  if (signature(cell) === signature(now)) return;
  const focused = cell.contains(document.activeElement)
    ? document.activeElement.closest("[data-pin]")?.id
    : null;
  cell.replaceChildren(...now.childNodes);
  enhanceImages(cell);
  if (focused)
    (document.getElementById(focused)?.querySelector("a") ?? cell.querySelector(".cal-more"))?.focus();
}

/** Reads the page again and takes over the cells that differ, so that nothing flickers. */
export async function lookAgain(calendar) {
  let text;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    text = await answer.text();
  } catch {
    return; // the next look may find the server again
  }
  if (isBusy(calendar)) return;
  const page = new DOMParser().parseFromString(text, "text/html");
  for (const cell of calendar.querySelectorAll("[data-cell][id]")) {
    const now = page.getElementById(cell.id);
    if (now) takeOver(cell, now);
  }
}

export function isBusy(calendar) {
  return Boolean(
    calendar.querySelector("[data-lifted], [data-waiting]") || document.querySelector("dialog[open]"),
  );
}
