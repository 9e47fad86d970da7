// The buttons that are near what the visitor sees: their offers are asked for, and as long as one is near, PinApp is.
const SCAN_MS = 100;
const STAY_MS = 10_000;
const IDLE_MS = 120_000;
const BUTTONS = "[data-pinapp-entity],[data-pin-log='button_pinit']";

// The page and its open shadow trees, the new ones handed to `onNew`.
function walk(roots, root, onNew) {
  for (const { shadowRoot } of root.querySelectorAll("*")) {
    if (!shadowRoot) continue;
    if (!roots.has(shadowRoot)) onNew(shadowRoot);
    roots.add(shadowRoot);
    walk(roots, shadowRoot, onNew);
  }
}

// What has no box of its own is where the next around it that has one is.
function boxOf(element) {
  let box = element;
  while (!box.getClientRects().length) {
    const around = box.parentElement ?? box.getRootNode().host;
    if (!around) break;
    box = around;
  }
  return box;
}

export function watchNearby({ named, onRoot, onFound, onNear, onStay }) {
  const entityOf = (element) => element.isConnected && named(element);
  const roots = new Set([document]);
  const held = new WeakMap();
  const near = new Set();
  let pointed = "";
  let movedAt = Date.now();
  let scanning = 0;
  let scannedAt = 0;
  let walkAt = 0;

  function call(box) {
    for (const each of held.get(box) ?? []) if (entityOf(each)) onNear(entityOf(each));
  }

  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) near.delete(target);
        else {
          near.add(target);
          call(target);
        }
      }
    },
    { rootMargin: "50%" },
  );

  function scan() {
    scanning = 0;
    scannedAt = Date.now();
    if (scannedAt >= walkAt) {
      for (const root of roots) if (root.host && !root.host.isConnected) roots.delete(root);
      walk(roots, document, onRoot);
      // On large pages the walk takes its time: a fiftieth of it all at most.
      walkAt = scannedAt + 50 * (Date.now() - scannedAt);
    }
    for (const element of [...roots].flatMap((root) => [...root.querySelectorAll(BUTTONS)])) {
      const box = held.has(element) ? element : boxOf(element);
      onFound(element);
      if (!held.has(box)) {
        held.set(box, new Set());
        watcher.observe(box);
      }
      held.get(box).add(element);
      if (near.has(box)) onNear(entityOf(element));
    }
  }

  function scanSoon() {
    scanning = scanning || setTimeout(scan, Math.max(0, scannedAt + SCAN_MS - Date.now()));
  }

  function stay() {
    if (document.visibilityState !== "visible" || Date.now() - movedAt > IDLE_MS) return;
    const entity =
      [...near]
        .flatMap((box) => [...held.get(box)])
        .map(entityOf)
        .find(Boolean) || pointed;
    if (entity) onStay(entity);
  }

  onRoot(document);
  scan();
  setInterval(stay, STAY_MS);
  addEventListener(
    "visibilitychange",
    () => {
      movedAt = Date.now();
      stay();
    },
    true,
  );
  addEventListener(
    "scroll",
    () => {
      movedAt = Date.now();
    },
    { capture: true, passive: true },
  );
  return {
    roots,
    scanSoon,
    stay,
    pointedAt(entity) {
      movedAt = Date.now();
      pointed = entity || pointed;
    },
  };
}
