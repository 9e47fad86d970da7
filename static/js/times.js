// Says how far away a moment is, and keeps saying it: "in 42 s", "3 min ago".
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const FAR = 30 * DAY;

function span(seconds) {
  if (seconds < MINUTE) return `${seconds} s`;
  if (seconds < 10 * MINUTE) {
    const rest = seconds % MINUTE;
    return `${Math.floor(seconds / MINUTE)} min${rest ? ` ${rest} s` : ""}`;
  }
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min`;
  if (seconds < DAY) {
    const rest = Math.floor((seconds % HOUR) / MINUTE);
    return `${Math.floor(seconds / HOUR)} h${rest ? ` ${rest} min` : ""}`;
  }
  const days = Math.floor(seconds / DAY);
  return `${days} day${days === 1 ? "" : "s"}`;
}

export function describeDistance(at, now) {
  const seconds = Math.round((at - now) / 1000);
  if (seconds < 0 && seconds > -5) return "just now";
  if (Math.abs(seconds) < 2) return "now";
  return seconds > 0 ? `in ${span(seconds)}` : `${span(-seconds)} ago`;
}

function show(element) {
  const at = Date.parse(element.dateTime);
  if (Number.isNaN(at) || Math.abs(at - Date.now()) > FAR * 1000) return;
  if (!element.title) element.title = element.textContent.trim();
  const text = describeDistance(at, Date.now());
  if (element.textContent !== text) element.textContent = text;
}

export function tickTimes() {
  const tick = () => document.querySelectorAll("time[data-relative][datetime]").forEach(show);
  tick();
  setInterval(tick, 1000);
  document.body.addEventListener("htmx:afterSwap", tick);
}
