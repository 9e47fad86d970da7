// Moves a card at once and asks the server after; on a refusal the card goes back where it was.
import { addressOf, cellOf, lookAgain } from "./calendar-grid.js";
import { csrfToken, make } from "./dom.js";
import { showToast } from "./toasts.js";

const UNREACHABLE =
  "PinApp can’t be reached right now, so nothing was changed. Check your connection and try again.";
const UNREADABLE = "That didn’t work, so nothing was changed. Reload the page and try again.";

// By Pin: where the server last had it, whether a request is under way, and what is wanted next.
const moves = new Map();
let forget = () => {};

function say(tone, message, action, link) {
  forget(); // one message about moving at a time
  forget = showToast(tone, message, action, link);
}

/** Sends a move. Answers {ok, message, repeat, undo, next, date, clock}. */
export async function ask(url, to) {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": csrfToken() },
      body: new URLSearchParams(to),
    });
    return { message: UNREADABLE, ...(await answer.json()), ok: answer.ok };
  } catch (error) {
    return { ok: false, message: error instanceof TypeError ? UNREACHABLE : UNREADABLE };
  }
}

function placeOf(card) {
  const { date, clock, again } = card.dataset;
  return date ? { date, clock, again: again ?? "" } : { draft: "1" };
}

/** Puts a card among those of a cell, in order of time. */
function putInto(card, cell) {
  let list = cell.querySelector(".cal-cards");
  if (!list) {
    list = make("ul", { class: "cal-cards", role: "list" });
    const before = cell.querySelector(".cal-more, .cal-tray-empty");
    if (before) before.before(list);
    else cell.append(list);
  }
  const after = [...list.children].find(
    (other) => other !== card && other.dataset.clock > card.dataset.clock,
  );
  const focused = card.contains(document.activeElement) ? document.activeElement : null;
  list.insertBefore(card, after ?? null);
  cell.removeAttribute("data-empty");
  focused?.focus();
}

function show(calendar, card, place) {
  const { date = "", clock = card.dataset.clock, again = "" } = place;
  Object.assign(card.dataset, { date, clock: place.draft ? "" : clock, again });
  const time = card.querySelector("time");
  if (time && !place.draft && clock) time.textContent = clock.slice(0, 5);
  const cell = cellOf(calendar, { date, clock: card.dataset.clock || "00:00", again, draft: place.draft });
  if (cell) putInto(card, cell);
  return Boolean(cell);
}

function settled(calendar, card, state, answer) {
  moves.delete(card.dataset.pin);
  delete card.dataset.waiting;
  if (!answer.ok) {
    show(calendar, card, state.confirmed);
    const next = answer.next && {
      label: `Use ${answer.next.clock}`,
      run: () => move(calendar, card, answer.next),
    };
    const edit = answer.edit_url && { label: "Edit", run: () => location.assign(answer.edit_url) };
    say("bad", answer.message, next || edit || undefined);
    lookAgain(calendar);
    return;
  }
  const undo = state.undo && {
    label: "Undo",
    run: () => move(calendar, current(card), state.undo, { isUndo: true }),
  };
  const { repeat } = answer; // moved all the same, but somebody should know
  if (repeat)
    say("warn", `${answer.message} ${repeat.text}`, undo || undefined, {
      text: repeat.title,
      url: repeat.url,
    });
  else say("good", answer.message, undo || undefined);
  card.dataset.landed = "";
  setTimeout(() => delete card.dataset.landed, 1500);
  if (!answer.date || cellOf(calendar, answer)) lookAgain(calendar);
  else location.assign(addressOf(calendar, answer.date, `pin-${card.dataset.pin}`));
}

/** The card as it stands on the page now: looking again may have replaced it. */
function current(card) {
  return document.getElementById(card.id) ?? card;
}

/** Moves a card to {date, clock, again} or, with {draft: "1"}, into the tray. */
export async function move(calendar, card, to, { isUndo = false } = {}) {
  const pin = card.dataset.pin;
  const under = moves.get(pin);
  if (under) {
    under.wanted = to; // only where it ends up matters
    show(calendar, card, to);
    return;
  }
  const state = { confirmed: placeOf(card), wanted: to, undo: null };
  moves.set(pin, state);
  card.dataset.waiting = "1";
  show(calendar, card, to);
  let answer = { ok: true };
  while (state.wanted && answer.ok) {
    const wanted = state.wanted;
    state.wanted = null;
    answer = await ask(card.dataset.moveUrl, wanted);
    if (!answer.ok) break;
    state.confirmed = answer.date
      ? { date: answer.date, clock: answer.clock, again: answer.again }
      : { draft: "1" };
    if (!isUndo) state.undo ??= answer.undo; // a burst of keys is undone as one
  }
  if (answer.ok) show(calendar, card, state.confirmed);
  settled(calendar, card, state, answer);
}

/** After the dialog has moved a Pin: the card follows. */
export function follow(calendar, card, answer) {
  show(calendar, card, answer.date ? answer : { draft: "1" });
  settled(calendar, card, { undo: answer.undo }, answer);
}
