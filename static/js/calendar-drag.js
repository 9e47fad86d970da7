// Cards dragged with the mouse, onto a day, an hour or the tray of drafts.
import { move } from "./calendar-moves.js";

const TARGET = "[data-drop-date], [data-drop-draft]";

/** Where a card would go: a day keeps its time, an hour its minutes. */
export function targetOf({ dropDate, dropClock, dropAgain, dropDraft }, clock) {
  if (dropDraft !== undefined) return { draft: "1" };
  if (!dropClock) return { date: dropDate };
  const minutes = clock && dropClock.endsWith(":00") ? clock.slice(3, 5) : dropClock.slice(3, 5);
  return { date: dropDate, clock: `${dropClock.slice(0, 2)}:${minutes}`, again: dropAgain ?? "" };
}

export function staysPut(card, to) {
  const { date = "", clock = "", again = "" } = card.dataset;
  if (to.draft) return !date;
  return date === to.date && (to.clock === undefined || (clock === to.clock && again === to.again));
}

export function enhanceDragging(calendar) {
  let card = null;
  let over = null;

  function mark(cell) {
    if (cell === over) return;
    over?.removeAttribute("data-over");
    cell?.setAttribute("data-over", "");
    over = cell;
  }

  calendar.addEventListener("dragstart", (event) => {
    card = event.target.closest?.(".cal-card[draggable]");
    if (!card) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.dataset.title);
    // Marked a moment later: the picture under the pointer is taken from the card as it is.
    requestAnimationFrame(() => card?.setAttribute("data-lifted", ""));
  });
  calendar.addEventListener("dragover", (event) => {
    if (!card) return;
    const cell = event.target.closest?.(TARGET);
    mark(cell);
    if (!cell) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
  });
  calendar.addEventListener("dragleave", (event) => {
    if (!calendar.contains(event.relatedTarget)) mark(null);
  });
  calendar.addEventListener("drop", (event) => {
    const cell = event.target.closest?.(TARGET);
    if (!card || !cell) return;
    event.preventDefault();
    const dropped = card;
    const to = targetOf(cell.dataset, dropped.dataset.clock);
    end();
    if (!staysPut(dropped, to)) move(calendar, dropped, to);
  });
  calendar.addEventListener("dragend", end);

  function end() {
    card?.removeAttribute("data-lifted");
    card = null;
    mark(null);
  }
}
