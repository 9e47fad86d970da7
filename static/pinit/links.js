// Finding the link to Pinterest's dialog that was pressed, and what it pins.
import { parameter } from "./addresses.js";

const DIALOG = /^\s*[^?#]*\/pin\/create\//;
const OTHER_CONTROLS = "a[href],area[href],input,select,textarea,label,summary";

// Pinterest's script makes a link's address into `data-pin-href` and then opens that.
export const PLACES = ["data-pin-href", "href"];
export const isDialog = (address) => DIALOG.test(address ?? "");
const addressOf = (element) => PLACES.map((name) => element.getAttribute(name)).find(isDialog);
export const isElement = (each) => each.nodeType === 1;

// Of what lies around the pointer the link to the dialog, where no other control is in front of it.
export function linkIn(path) {
  for (const each of path.filter(isElement)) {
    if (addressOf(each)) return each;
    if (each.matches(OTHER_CONTROLS)) return null;
  }
  return null;
}

function pinned(address) {
  try {
    const [url, media] = ["url", "media"].map((name) => decodeURIComponent(parameter(address, name) ?? ""));
    return media && `${url} ${media}`;
  } catch {
    return "";
  }
}

// What a link pinned before Pinterest's script put a button of its own in its place.
const remembered = new Map();
const looked = new WeakMap();

export function remember(element) {
  const address = addressOf(element.querySelector("a[href*='/pin/create/']") ?? element) ?? "";
  const entity = element.dataset.pinappEntity;
  if (!entity) return;
  if (looked.get(element) === entity + address) return;
  looked.set(element, entity + address);
  if (pinned(address)) remembered.set(pinned(address), entity);
}

function nearest(path, link, attribute) {
  const holder =
    path.find((each) => isElement(each) && each.getAttribute(attribute)) ??
    link.querySelector(`[${attribute}]`);
  return holder?.getAttribute(attribute);
}

// What an element is said to pin, by itself or by the address of one that stood there before.
export function named(element) {
  const { pinappEntity, pinLog } = element.dataset;
  return (
    pinappEntity || (pinLog === "button_pinit" && remembered.get(pinned(addressOf(element) ?? ""))) || ""
  );
}

export const entityOf = (path, link) => nearest(path, link, "data-pinapp-entity") || named(link);

export const signedTokenOf = (path, link) => nearest(path, link, "data-pinapp-token");
