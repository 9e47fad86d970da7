// Cards moved with keys: Shift and an arrow by days, Alt and an arrow by hours.
import { addDays, addHours } from "./calendar-grid.js";
import { move } from "./calendar-moves.js";

const DAYS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
const HOURS = { ArrowUp: -1, ArrowDown: 1 };

/** An hour on, along the rows of the page where it has rows: they know the nights of the clocks. */
function hourFrom(card, step) {
  const { date, clock } = card.dataset;
  const cell = card.closest("[data-drop-clock]");
  const cells = cell ? [...cell.closest(".cal-column-hours").querySelectorAll("[data-drop-clock]")] : [];
  const next = cells[cells.indexOf(cell) + step];
  if (!next) return addHours(date, clock, step);
  const { dropDate, dropClock, dropAgain } = next.dataset;
  const minutes = dropClock.endsWith(":00") ? clock.slice(3, 5) : dropClock.slice(3, 5);
  return { date: dropDate, clock: `${dropClock.slice(0, 2)}:${minutes}`, again: dropAgain ?? "" };
}

export function enhanceCardKeys(calendar) {
  calendar.addEventListener("keydown", (event) => {
    const card = event.target.closest?.(".cal-card[data-move-url]");
    if (!card || event.ctrlKey || event.metaKey || event.shiftKey === event.altKey) return;
    const steps = event.shiftKey ? DAYS : HOURS;
    if (!(event.key in steps)) return;
    event.preventDefault();
    const { date } = card.dataset;
    if (!date)
      card.querySelector("[data-move]")?.click(); // a draft has no day to move on from
    else if (event.shiftKey) move(calendar, card, { date: addDays(date, steps[event.key]) });
    else move(calendar, card, hourFrom(card, steps[event.key]));
  });
}
