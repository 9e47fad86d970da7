// From the press of a link until it is known whether Pinterest's dialog was opened with the click's mark.
// A page may open it itself, now or a moment later, or not at all: only what was opened is told.
const HOLD_MS = 1000;

export function createClicks(tell) {
  const live = new Set();
  let stopWatching = null;

  function watchOpen() {
    if (stopWatching) return;
    const own = window.open;
    function open(...words) {
      const opened = own.apply(this ?? window, words);
      if (opened || /noopener|noreferrer/.test(words[2])) notice(words[0]);
      return opened;
    }
    stopWatching = () => {
      stopWatching = null;
      if (window.open === open) window.open = own;
    };
    try {
      window.open = open;
    } catch {
      stopWatching = null; // A page that has locked it.
    }
  }

  function opened(click) {
    if (click.isTold) return;
    click.isTold = true;
    tell(click.word);
  }

  // An address that was opened, whoever did it.
  function notice(address) {
    let text = "";
    try {
      text = String(address ?? "");
    } catch {
      return;
    }
    for (const click of live) {
      if (text.includes(click.word.nonce)) opened(click);
      else if (!text || text === "about:blank") click.mayFollow = true;
    }
  }

  function end(click) {
    if (!live.delete(click)) return;
    clearTimeout(click.timer);
    click.dress.undress();
    // A window that was opened empty may have been led to the dialog: nobody can see where to.
    if (click.mayFollow && !click.isTold) opened({ ...click, word: { ...click.word, trusted: false } });
    if (!live.size) stopWatching?.();
  }

  function settle(click) {
    if (!click.event.defaultPrevented && click.dress.leads()) opened(click);
    if (click.isTold) end(click);
    else click.timer = setTimeout(end, HOLD_MS, click);
  }

  // Now, as far as it has come.
  function finish(click) {
    settle(click);
    end(click);
  }

  window.navigation?.addEventListener?.("navigate", (event) => notice(event.destination.url));
  addEventListener("pagehide", () => {
    for (const click of live) {
      click.mayFollow = click.mayFollow || !window.navigation;
      finish(click);
    }
  });

  return {
    notice,
    start(event, dress, word) {
      const click = { event, dress, word, isTold: false, mayFollow: false, timer: 0 };
      live.add(click);
      watchOpen();
      click.timer = setTimeout(settle, 0, click);
    },
    of: (event) => [...live].find((click) => click.event === event),
    on: (link) => [...live].find((click) => click.dress.link === link),
    carries: (address) => [...live].some((click) => address.includes(click.word.nonce)),
    end,
    finish,
  };
}
