// What decides about a carousel, apart from the page: its words, its order, its sizes.

/** The positions of pictures whose size is not the one most have; among equals the first counts. */
export function oddOnes(sizes) {
  const counts = new Map();
  for (const size of sizes) counts.set(size, (counts.get(size) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  const wanted = [...counts].find(([, count]) => count === most)?.[0];
  return sizes.flatMap((size, index) => (size === wanted ? [] : [index]));
}

/** How many of `chosen` files fit beside `there` pictures, and what is said of the others. */
export function roomFor(there, chosen, most) {
  const fitting = Math.max(0, Math.min(chosen, most - there));
  const left = chosen - fitting;
  if (!left) return { fitting, text: "" };
  const pictures = left === 1 ? "1 picture was" : `${left} pictures were`;
  return { fitting, text: `A carousel shows up to ${most} pictures, so ${pictures} left out.` };
}

/** The list with the item at `from` moved to `to`. */
export function moved(items, from, to) {
  const rest = items.filter((_, index) => index !== from);
  rest.splice(to, 0, items[from]);
  return rest;
}
