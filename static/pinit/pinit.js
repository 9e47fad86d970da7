// A publisher's Pin-it buttons: at a click the picture's address gets a mark of its own, and PinApp a word of it.
// No cookies, no storage, nothing loaded from anywhere else; what a page forbids by its policy, it goes without.
import { markOf, withoutMark } from "./addresses.js";
import { createClicks } from "./clicks.js";
import { dress, undressCopies } from "./dress.js";
import { entityOf, linkIn, named, remember, signedTokenOf } from "./links.js";
import { watchNearby } from "./nearby.js";
import { createOffers } from "./offers.js";
import { isSeen } from "./seen.js";
import { join } from "./shared.js";
import { newNonce, tell } from "./wire.js";

const POINTED_MS = 2000;
const STAYED_MS = 9000;
const WATCHED = ["data-pinapp-entity", "href", "data-pin-href", "data-pin-media", "data-pin-url"];
const wantsNoTracking = navigator.globalPrivacyControl === true || navigator.doNotTrack === "1";

const tag = document.currentScript ?? document.querySelector("script[src*='/pinit.js'][data-site]");
// Tag managers drop attributes they don't know: the site may stand in the address.
const source = /^https?:/.test(tag?.src) ? new URL(tag.src) : null;
const site = tag?.dataset.site || source?.searchParams.get("site");

function pageUrl() {
  return /^https?:/.test(location.href) ? withoutMark(location.href.split("#")[0]).slice(0, 2000) : "";
}

function createCopy(host) {
  const offers = createOffers(host, site);
  const clicks = createClicks((word) => tell(`${host}/interactions`, word, offers.gone));
  let hasConsent = false;
  const observer = new MutationObserver(onChanges);
  let nearby = null;

  // Where a site asks first, nothing more is asked of PinApp until the visitor has agreed.
  function renew(entity, every) {
    if (hasConsent || !offers.asksFirst(entity)) offers.renew(entity, every);
  }

  function offerFor(path, link) {
    const entity = entityOf(path, link);
    const offer = entity && offers.of(entity, signedTokenOf(path, link));
    return offer && (offer.consent !== "asked" || hasConsent) ? [entity, offer] : null;
  }

  function begin(event, path, link) {
    const found = offerFor(path, link);
    if (!found) return;
    const [entity, offer] = found;
    const nonce = newNonce();
    const landing = offer.tagLanding ? newNonce() : null;
    const word = {
      site,
      entity,
      action: "pinit",
      token: offer.token,
      nonce,
      page_url: pageUrl(),
      trusted: event.isTrusted && isSeen(path),
      consent: hasConsent,
    };
    if (landing) word.landing = landing;
    clicks.start(event, dress(link, `${offer.media}${offer.token}.${nonce}.${offer.format}`, landing), word);
  }

  // In the capture phase: Pinterest's own script listens on the body and reads the link after us.
  function onClick(event) {
    if (event.button > 1 || event.altKey) return;
    const path = event.composedPath();
    const link = linkIn(path);
    if (!link) return;
    const before = clicks.on(link);
    if (before?.event.eventPhase) return; // The page presses it once more in the midst of a press.
    // A link that the page made of a marked one, and presses.
    if (!before && clicks.carries(link.getAttribute("href") ?? "")) clicks.notice(link.getAttribute("href"));
    else {
      if (before) clicks.finish(before);
      begin(event, path, link);
    }
  }

  // And at the end: a page that has changed the link meanwhile opens what it is now.
  function afterThePage(event) {
    const click = clicks.of(event);
    if (!click || click.isTold || click.dress.isIntact()) return;
    clicks.end(click);
    begin(event, event.composedPath(), click.dress.link);
  }

  function onPointed(event) {
    const path = event.composedPath();
    const entity = path.map((each) => each.dataset && named(each)).find(Boolean) || "";
    nearby.pointedAt(entity);
    if (entity) renew(entity, POINTED_MS);
  }

  function observe(root) {
    observer.observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: WATCHED });
  }

  function onChanges() {
    for (const root of nearby.roots) undressCopies(root);
    nearby.scanSoon();
  }

  function tellOfLanding() {
    const landing = markOf(location.href);
    if (!landing) return;
    tell(`${host}/interactions/landing`, {
      site,
      landing,
      page_url: pageUrl(),
      referrer: document.referrer.slice(0, 300),
      consent: hasConsent,
    });
  }

  return {
    consent(granted) {
      const isNew = granted && !hasConsent;
      hasConsent = granted;
      // What was told before the visitor agreed has been dropped.
      if (!isNew || !nearby) return;
      tellOfLanding();
      nearby.stay();
    },
    // Again too, for a page that was written anew has no listeners left.
    start(granted) {
      if (wantsNoTracking) return;
      const isFirst = !nearby;
      hasConsent = granted;
      nearby =
        nearby ??
        watchNearby({
          named,
          onRoot: observe,
          onFound: remember,
          onNear: offers.want,
          onStay: (entity) => renew(entity, STAYED_MS),
        });
      observe(document);
      for (const name of ["click", "auxclick"]) {
        addEventListener(name, onClick, true);
        addEventListener(name, afterThePage);
      }
      for (const name of ["pointerover", "pointerdown", "focusin", "keydown"])
        addEventListener(name, onPointed, { capture: true, passive: true });
      if (isFirst) tellOfLanding();
      nearby.scanSoon();
    },
  };
}

if (source && site)
  join(`${source.origin} ${site}`, createCopy(source.origin), tag.dataset.pinappConsent === "granted");
