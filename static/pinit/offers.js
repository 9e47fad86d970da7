// Page tokens, asked for ahead of the click: a click can't wait for an answer, or the popup is blocked.
// Each answer is also a sign that PinApp serves its pictures; without a recent one no dialog is to name one of them.
const AHEAD_MS = 60_000;
const RETRY_MS = 30_000;
const GAP_MS = 300;
const LIVES_MS = 15_000;
const ANSWERS_WITHIN_MS = 3_000;
const OUTAGE_MS = 60_000;
const MOST = 100;
const GENTLE_MS = 5_000;

export function createOffers(host, site) {
  const known = new Map();
  const asked = new Map();
  const wanted = new Set();
  const waiting = new Map();
  let flushing = 0;
  let flushedAt = 0;
  let seenAt = 0;
  let failedAt = 0;
  let last = 0;

  function keep(offer) {
    for (const entity of Object.keys(offer.tokens)) {
      known.set(entity, {
        token: offer.tokens[entity],
        media: offer.media[entity],
        format: offer.format[entity],
        tagLanding: offer.tag_landing,
        consent: offer.consent,
        until: Date.parse(offer.expires_at) - AHEAD_MS,
      });
    }
  }

  async function ask(entities) {
    const number = ++last;
    const now = Date.now();
    const query = new URLSearchParams({ site });
    for (const entity of entities) {
      query.append("entity", entity);
      asked.set(entity, now);
    }
    waiting.set(number, now);
    let isThere = false;
    try {
      const answer = await fetch(`${host}/interactions/offer?${query}`, {
        credentials: "omit",
        cache: "no-store",
      });
      if (answer.ok) {
        keep(await answer.json());
        isThere = true;
      }
    } catch {
      // Without an offer the link stays the plain one it is.
    }
    if (!waiting.has(number)) return; // One that was asked later has answered before.
    for (const each of waiting.keys()) if (each <= number) waiting.delete(each);
    seenAt = isThere ? Date.now() : 0;
    failedAt = isThere ? 0 : Date.now();
  }

  function flush() {
    flushing = 0;
    flushedAt = Date.now();
    const entities = [...wanted];
    wanted.clear();
    for (let at = 0; at < entities.length; at += MOST) ask(entities.slice(at, at + MOST));
  }

  const isSlow = () => [...waiting.values()].some((since) => since < Date.now() - ANSWERS_WITHIN_MS);
  const isGood = (entity) => known.get(entity)?.until > Date.now();

  return {
    // What comes near is asked for together: at once, and then a few times a second.
    want(entity) {
      if (!entity || isGood(entity) || asked.get(entity) > Date.now() - RETRY_MS) return;
      wanted.add(entity);
      flushing = flushing || setTimeout(flush, Math.max(0, flushedAt + GAP_MS - Date.now()));
    },
    // Somebody points at a button, or stays near it: is PinApp there? `every` so many milliseconds, and seldom where nobody
    // points and it is known not to be: something of the page or the browser may forbid the question.
    renew(entity, every) {
      const now = Date.now();
      if (asked.get(entity) > now - every || (isGood(entity) && seenAt > now - every)) return;
      if (every < GENTLE_MS || failedAt < now - OUTAGE_MS) ask([entity]);
    },
    asksFirst: (entity) => known.get(entity)?.consent === "asked",
    // A token that the publisher's server signed goes before ours, while it is good: v1.KEY.SITE.ENTITY.PAGE.EXPIRES.MAC
    of(entity, signed) {
      const offer = known.get(entity);
      const now = Date.now();
      if (!offer || Math.abs(now - seenAt) > LIVES_MS || isSlow()) return null;
      if (signed?.split(".")[5] * 1000 > now) return { ...offer, token: signed };
      return offer.until > now ? offer : null;
    },
    gone() {
      seenAt = 0;
    },
  };
}
