// What the copies of the script on a page share: `window.pinapp`, which is a queue until the first of them has come.
window.pinapp ??= [];
const page = window.pinapp;

function createPinit() {
  const copies = new Map();
  const pinit = {
    copies,
    granted: false,
    consent(granted) {
      pinit.granted = granted === true;
      for (const copy of copies.values()) copy.consent(pinit.granted);
    },
  };
  return pinit;
}

// A function, or the name of one of ours and its words. What is neither waits for whose it is.
function isTaken(command) {
  if (typeof command === "function") command(page);
  else if (command?.[0] === "pinit.consent") page.pinit.consent(command[1]);
  else return false;
  return true;
}

function openQueue() {
  const push = page.push;
  const waiting = Array.isArray(page) ? page.splice(0) : [];
  page.push = (...commands) => {
    for (const command of commands) {
      try {
        if (!isTaken(command)) push?.call(page, command);
      } catch (error) {
        console.error(error);
      }
    }
    return page.length;
  };
  page.push(...waiting);
}

// Whether this is the first copy for its site. A second one (of a tag manager and a theme, or of a page that runs its scripts
// again) only sees that the first still listens; one of an older version does the work alone.
export function join(key, copy, isGranted) {
  const isFirst = !page.pinit;
  if (isFirst) page.pinit = createPinit();
  const { pinit } = page;
  if (!pinit.copies) return;
  const known = pinit.copies.get(key);
  if (!known) pinit.copies.set(key, copy);
  if (isFirst) openQueue();
  if (isGranted && !pinit.granted) pinit.consent(true);
  (known ?? copy).start(pinit.granted);
}
