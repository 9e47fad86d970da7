// Addresses are texts: what we add to one, or take out again, leaves every other character as it was.
// interactions/policy/marks.py reads and removes the same; one table of cases holds the two together.
const MARK = "pinapp";
const NAMES = [MARK, "pin"]; // Pins of before carry the second.
const SHAPE = "[\\w-]{21}[AQgw]"; // 16 bytes in base64url
const NONCE = new RegExp(`^${SHAPE}$`);

// An address as it is written, and one that is the value of a parameter.
const PLAIN = { starts: /\?/, ends: /#|\s*$/, joins: "&", is: "=", added: ["?", "&", "="] };
const WITHIN = {
  starts: /\?|%3[fF]/,
  ends: /%23|$/,
  joins: "&|%26",
  is: "=|%3[dD]",
  added: ["%3F", "%26", "%3D"],
};

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function split(pair) {
  const at = pair.indexOf("=");
  return at < 0 ? [pair, null] : [pair.slice(0, at), pair.slice(at + 1)];
}

function named(pair) {
  const [name, value] = split(pair);
  return [decoded(name), value === null ? null : decoded(value)];
}

function parts(address) {
  const [, path, query, rest] = /^([^?#]*)(\?[^#]*)?(.*)$/s.exec(address);
  return [path, query ? query.slice(1).split("&") : null, rest];
}

function withMark(address, mark, { starts, ends, joins, is, added: [start, join, equals] }) {
  const end = address.search(ends);
  const head = address.slice(0, end);
  const at = head.search(starts);
  const query = at < 0 ? "" : head.slice(at);
  // Who came from a Pin has its mark in the page's address: the new one takes its place.
  const ours = new RegExp(`((?:^\\?|^%3[fF]|${joins})${MARK}(?:${is}))${SHAPE}(?=$|${joins})`);
  const added = ours.test(query)
    ? query.replace(ours, `$1${mark}`)
    : query + (query ? join : start) + MARK + equals + mark;
  return (at < 0 ? head : head.slice(0, at)) + added + address.slice(end);
}

export const marked = (address, mark) => withMark(address, mark, PLAIN);

export function markOf(address) {
  const pairs = (parts(address)[1] ?? []).map(named);
  for (const name of NAMES) {
    const marks = pairs.filter(([each, value]) => each === name && NONCE.test(value));
    if (marks.length) return marks.length === 1 ? marks[0][1] : null;
  }
  return null;
}

export function withoutMark(address) {
  const [path, pairs, rest] = parts(address);
  const kept = pairs?.filter((pair) => {
    const [name, value] = named(pair);
    return !NAMES.includes(name) || !NONCE.test(value);
  });
  if (!pairs || kept.length === pairs.length) return address;
  return path + (kept.length ? `?${kept.join("&")}` : "") + rest;
}

// The value of a parameter as it is written, null where it is not there.
export function parameter(link, name) {
  const pair = (parts(link)[1] ?? []).find((each) => decoded(split(each)[0]) === name);
  return pair === undefined ? null : (split(pair)[1] ?? "");
}

function withParameter(link, name, write) {
  const [, text, rest] = /^([^#]*?)(\s*(?:#.*)?)$/s.exec(link);
  const [path, pairs] = parts(text);
  let isThere = false;
  const written = (pairs ?? []).map((pair) => {
    const [own, value] = split(pair);
    if (decoded(own) !== name) return pair;
    isThere = true;
    return `${own}=${write(value ?? "")}`;
  });
  if (!isThere) written.push(`${name}=${write("")}`);
  return `${path}?${written.join("&")}${rest}`;
}

// A link to Pinterest's dialog with a click's own picture and, where it is given, its mark; `page` is pinned where the link names none.
export function withClick(link, media, mark, page) {
  const ours = () => encodeURIComponent(mark ? marked(page, mark) : page);
  const url = (value) => (value && mark ? withMark(value, mark, WITHIN) : value || ours());
  return withParameter(
    withParameter(link, "media", () => encodeURIComponent(media)),
    "url",
    url,
  );
}
