import { marked, withClick, withoutMark } from "./addresses.js";

// Putting a click's own picture and landing address into a button, and taking them out again.
const PLACES = ["data-pin-href", "href"];
const dressed = new WeakMap();

// Pinterest's script makes a link's address into `data-pin-href` and then opens that.
export function dress(button, media, landing) {
  const holder = PLACES.some((name) => button.hasAttribute(name)) ? button : button.querySelector("a[href*='/pin/create/']")
    ?? button.closest("a[href*='/pin/create/'],[data-pin-href]");
  if (!holder) return null;
  // Clicked twice within a moment: the plain address is the one to go back to.
  dressed.get(holder)?.();
  const before = [];
  function set(name, value) {
    before.push([name, holder.getAttribute(name), value]);
    holder.setAttribute(name, value);
  }
  for (const name of PLACES) {
    const address = holder.getAttribute(name);
    if (!address?.includes("/pin/create/")) continue;
    set(name, withClick(address, media, landing, withoutMark(location.href.split("#")[0])));
  }
  if (!before.length) return null;
  if (holder.hasAttribute("data-pin-media")) set("data-pin-media", media);
  if (landing && holder.hasAttribute("data-pin-url")) set("data-pin-url", marked(holder.getAttribute("data-pin-url"), landing));
  function undress() {
    if (dressed.get(holder) === undress) dressed.delete(holder);
    for (const [name, old, ours] of before.splice(0)) {
      if (holder.getAttribute(name) === ours) holder.setAttribute(name, old);
    }
  }
  dressed.set(holder, undress);
  return undress;
}
