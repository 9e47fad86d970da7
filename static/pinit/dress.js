// Putting a click's own picture and mark into a link, and taking them out again.
import { marked, withClick, withoutMark } from "./addresses.js";
import { isDialog, PLACES } from "./links.js";

const PICTURES = "/interactions/verify/pinit/";
const SIGNS = {
  href: encodeURIComponent(PICTURES),
  "data-pin-href": encodeURIComponent(PICTURES),
  "data-pin-media": PICTURES,
  "data-pin-url": "pinapp=",
};
const MOST_WORN = 100;

// What was put into links, and what stood there. A page may have copied it, and show the copy at any time.
const worn = new Map();
const wearing = new Set();

function isWorn(element) {
  return [...wearing].some((dress) => dress.link === element);
}

export function undressCopies(root) {
  if (!worn.size) return;
  for (const [name, sign] of Object.entries(SIGNS)) {
    for (const element of root.querySelectorAll(`[${name}*="${sign}"]`)) {
      const plain = worn.get(element.getAttribute(name));
      if (plain !== undefined && !isWorn(element)) element.setAttribute(name, plain);
    }
  }
}

export function dress(link, media, mark) {
  const own = new Map();
  function set(name, value) {
    const stood = link.getAttribute(name);
    const plain = worn.get(stood) ?? stood;
    own.set(name, [plain, value]);
    worn.set(value, plain);
    link.setAttribute(name, value);
  }
  const dress = {
    link,
    isIntact: () => [...own].every(([name, [, ours]]) => link.getAttribute(name) === ours),
    // Whether following the link leads to the dialog with the mark.
    leads: () =>
      own.has("href") && link.matches("a,area") && link.getAttribute("href") === own.get("href")[1],
    undress() {
      wearing.delete(dress);
      for (const [name, [plain, ours]] of own)
        if (link.getAttribute(name) === ours) link.setAttribute(name, plain);
      undressCopies(document);
    },
  };
  const here = /^https?:/.test(location.href) ? location.href : document.baseURI;
  wearing.add(dress);
  for (const name of PLACES) {
    const address = link.getAttribute(name);
    if (isDialog(address)) set(name, withClick(address, media, mark, withoutMark(here.split("#")[0])));
  }
  if (link.hasAttribute("data-pin-media")) set("data-pin-media", media);
  if (mark && link.hasAttribute("data-pin-url"))
    set("data-pin-url", marked(link.getAttribute("data-pin-url"), mark));
  for (const value of worn.keys()) if (worn.size > MOST_WORN) worn.delete(value);
  return dress;
}
