// Messages that leave by themselves, unless a person is reading or touching them.
import { fresh, icon, make } from "./dom.js";

const SHOWN_MS = 7000;
const READING_MS = 70; // a letter
const LEAVING_MS = 260;
const ICONS = { good: "circle-check", bad: "circle-alert", warn: "triangle-alert", info: "info" };

function dismiss(toast) {
  toast.dataset.leaving = "1";
  setTimeout(() => toast.remove(), LEAVING_MS);
}

const CONTROLS = "a[href], button, input, select, textarea, summary, label";
// Where the list may stand, the usual place first.
const PLACES = ["bottom-end", "top-end", "bottom-start", "top-start"];

/** How many controls of the page the list would lie over. */
function covered(list) {
  const toasts = [...list.children].map((toast) => toast.getBoundingClientRect());
  const controls = [...document.querySelectorAll(CONTROLS)].filter((each) => !list.contains(each));
  return controls.filter((control) => {
    const box = control.getBoundingClientRect();
    if (!box.width || !box.height || !control.checkVisibility({ visibilityProperty: true })) return false;
    return toasts.some(
      (toast) =>
        box.left < toast.right && toast.left < box.right && box.top < toast.bottom && toast.top < box.bottom,
    );
  }).length;
}

/** Lets messages stand where they hide nothing that can be pressed, or as little as there is. */
function place() {
  const list = document.getElementById("toasts");
  if (!list?.children.length) return;
  if (list.dataset.place && !covered(list)) return;
  const counts = PLACES.map((name) => {
    list.dataset.place = name;
    return covered(list);
  });
  list.dataset.place = PLACES[counts.indexOf(Math.min(...counts))];
}

let placing = 0;
function placeSoon() {
  cancelAnimationFrame(placing);
  placing = requestAnimationFrame(place);
}

function enhance(toast) {
  let timer;
  const stay = () => clearTimeout(timer);
  const leave = () => {
    stay();
    // Bad news stays until it is dismissed.
    if (toast.dataset.tone !== "bad")
      timer = setTimeout(
        () => dismiss(toast),
        Math.max(SHOWN_MS, toast.textContent.trim().length * READING_MS),
      );
  };
  toast.querySelector("[data-dismiss]")?.addEventListener("click", () => dismiss(toast));
  for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, stay);
  for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, leave);
  leave();
}

/**
 * Shows a message, with a button where `action` is {label, run} and a link at its end where `link` is {text, url};
 * returns how to take it away.
 */
export function showToast(tone, message, action, link) {
  const close = make(
    "button",
    {
      type: "button",
      class: "button button-quiet button-small button-icon",
      "aria-label": "Dismiss",
      "data-dismiss": "",
    },
    icon("x"),
  );
  const words = make("p", { text: message });
  if (link) words.append(" ", make("a", { href: link.url, text: link.text }));
  const toast = make("li", { class: "toast", "data-tone": tone }, icon(ICONS[tone] ?? "info"), words, close);
  if (action) {
    const button = make("button", { type: "button", class: "button button-small", text: action.label });
    button.addEventListener("click", () => {
      dismiss(toast);
      action.run();
    });
    close.before(button);
  }
  document.getElementById("toasts").append(toast);
  enhanceToasts(toast);
  return () => dismiss(toast);
}

export function enhanceToasts(root) {
  fresh(root, ".toast", "Toast").forEach(enhance);
  for (const _list of fresh(root, "#toasts", "Places")) {
    for (const name of ["scroll", "resize"]) window.addEventListener(name, placeSoon, { passive: true });
  }
  placeSoon();
}
