// Page tokens, asked for ahead of the click: a click can't wait for an answer, or the popup is blocked.
const AHEAD_MS = 60_000;
const RETRY_MS = 30_000;

export function createOffers(host, site) {
  const known = new Map();
  const asked = new Map();

  async function ask(entities) {
    const query = new URLSearchParams({ site });
    for (const entity of entities) query.append("entity", entity);
    try {
      const answer = await fetch(`${host}/interactions/offer?${query}`, { credentials: "omit" });
      if (!answer.ok) return;
      const offer = await answer.json();
      for (const entity of Object.keys(offer.tokens)) {
        known.set(entity, {
          token: offer.tokens[entity], media: offer.media[entity], format: offer.format[entity],
          tagLanding: offer.tag_landing, consent: offer.consent, until: Date.parse(offer.expires_at) - AHEAD_MS,
        });
      }
    } catch {
      // Without an offer the link stays the plain one it is.
    }
  }

  return {
    load(entities) {
      const now = Date.now();
      const wanted = [...new Set(entities)].filter((entity) => entity
        && !(known.get(entity)?.until > now) && !(asked.get(entity) > now - RETRY_MS));
      for (const entity of wanted) asked.set(entity, now);
      for (let at = 0; at < wanted.length; at += 50) ask(wanted.slice(at, at + 50));
    },
    // A token that the publisher's server signed goes before ours, while it is good: v1.KEY.SITE.ENTITY.PAGE.EXPIRES.MAC
    of(entity, signed) {
      const offer = known.get(entity);
      if (!offer) return null;
      if (signed?.split(".")[5] * 1000 > Date.now()) return { ...offer, token: signed };
      return offer.until > Date.now() ? offer : null;
    },
  };
}
