// The Move button of a card: asks for a day and a time in a dialog instead of on a page.
import { ask, follow } from "./calendar-moves.js";
import { make } from "./dom.js";

export function enhanceDialog(calendar) {
  const dialog = document.getElementById("move-dialog");
  const form = dialog.querySelector("form");
  const problem = dialog.querySelector("[data-move-problem]");
  let card = null;

  function open(chosen) {
    card = chosen;
    problem.replaceChildren();
    dialog.querySelector("[data-move-pin]").textContent = card.dataset.title;
    form.elements.date.value = card.dataset.date || calendar.dataset.date;
    form.elements.clock.value = card.dataset.clock.slice(0, 5) || "09:00";
    dialog.showModal();
    form.elements.date.focus();
  }

  calendar.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-move]");
    if (!button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(button.closest(".cal-card"));
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () =>
    document.getElementById(card?.id)?.querySelector("[data-move]")?.focus(),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation(); // nothing is sent by the form itself
    const moved = card;
    const { date, clock } = form.elements;
    const answer = await ask(moved.dataset.moveUrl, { date: date.value, clock: clock.value });
    if (!answer.ok) {
      problem.replaceChildren(make("li", {}, make("span", { text: answer.message })));
      return;
    }
    dialog.close();
    follow(calendar, moved, answer);
  });
}
