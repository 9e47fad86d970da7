// A publisher's Pin-it buttons: at a click the picture's address gets a mark of its own, and PinApp a word of it.
// No cookies, no storage, nothing loaded from anywhere else; what a page forbids by its policy, it goes without.
import { markOf } from "./addresses.js";
import { isSeen } from "./seen.js";
import { createOffers } from "./offers.js";
import { dress } from "./links.js";
import { newNonce, tell } from "./wire.js";

const tag = document.currentScript ?? document.querySelector("script[src*='/pinit.js'][data-site]");
const host = new URL(tag.src).origin;
const site = tag.dataset.site;
const BUTTONS = "[data-pin-log],[data-pin-do],a[href*='/pin/create/'],[data-pinapp-entity]";
const wantsNoTracking = navigator.globalPrivacyControl === true || navigator.doNotTrack === "1";

let hasConsent = tag.dataset.pinappConsent === "granted";
const offers = createOffers(host, site);

function entityOf(button) {
  return button.closest("[data-pinapp-entity]")?.dataset.pinappEntity;
}

// In the capture phase: Pinterest's own script listens on the body and reads the link after us.
function onClick(event) {
  if (event.button > 1) return;
  const button = event.target.closest?.(BUTTONS);
  const entity = button && entityOf(button);
  const offer = entity && offers.of(entity, button.closest("[data-pinapp-token]")?.dataset.pinappToken);
  if (!offer || (offer.consent === "asked" && !hasConsent)) return;
  const nonce = newNonce();
  const landing = offer.tagLanding ? newNonce() : null;
  const undress = dress(button, `${offer.media}${offer.token}.${nonce}.${offer.format}`, landing);
  if (!undress) return;
  // The page keeps the plain address: whoever reads it later must not fetch this click's.
  setTimeout(undress, 1000);
  const word = {
    site, entity, action: "pinit", token: offer.token, nonce,
    page_url: location.href.split("#")[0].slice(0, 2000),
    trusted: event.isTrusted && isSeen(event.target),
    consent: hasConsent,
  };
  if (landing) word.landing = landing;
  tell(`${host}/interactions`, word);
}

function tellOfLanding() {
  const landing = markOf(location.href);
  if (!landing) return;
  tell(`${host}/interactions/landing`, {
    site, landing, page_url: location.href.split("#")[0].slice(0, 2000), referrer: document.referrer.slice(0, 300),
    consent: hasConsent,
  });
}

function lookForButtons() {
  offers.load([...document.querySelectorAll("[data-pinapp-entity]")].map((each) => each.dataset.pinappEntity));
}

if (!wantsNoTracking) {
  addEventListener("click", onClick, true);
  addEventListener("auxclick", onClick, true);
  lookForButtons();
  addEventListener("DOMContentLoaded", lookForButtons);
  new MutationObserver(lookForButtons).observe(document.documentElement, { childList: true, subtree: true });
  tellOfLanding();
}

window.pinapp = Object.assign(window.pinapp ?? {}, {
  pinit: {
    consent(granted) {
      const isNew = granted === true && !hasConsent;
      hasConsent = granted === true;
      // What was told before the visitor agreed has been dropped.
      if (isNew && !wantsNoTracking) tellOfLanding();
    },
  },
});
