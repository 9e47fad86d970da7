// Says changed status sentences to screen readers once, although the fragment is polled.
let last = null;

function read() {
  return document.querySelector("[data-announce]")?.dataset.announce ?? null;
}

export function announceChanges() {
  const region = document.getElementById("announcer");
  last = read();
  document.body.addEventListener("htmx:afterSettle", () => {
    const now = read();
    if (region && now && now !== last) region.textContent = now;
    last = now;
  });
}
