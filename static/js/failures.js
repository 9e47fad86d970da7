// Turns failed background requests into a sentence instead of silence.
import { showToast } from "./toasts.js";

const QUIET_MS = 30000;
let lastShownAt = -QUIET_MS;

function say(message) {
  if (performance.now() - lastShownAt < QUIET_MS) return; // a poll fails every two seconds
  lastShownAt = performance.now();
  showToast("bad", message);
}

export function reportFailedRequests() {
  document.body.addEventListener("htmx:sendError", () => {
    say("PinApp can’t be reached right now. Check your connection; this page keeps trying.");
  });
  document.body.addEventListener("htmx:responseError", (event) => {
    const { status } = event.detail.xhr;
    if (status === 401 || status === 403)
      say("You are no longer signed in. Reload the page to sign in again.");
    else say("That didn’t work. Reload the page and try again.");
  });
}
