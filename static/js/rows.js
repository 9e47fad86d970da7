// Rows of links that are wider than a phone begin at the link of the present page.
export function enhanceRows(root) {
  for (const link of root.querySelectorAll("nav > [aria-current]")) {
    const row = link.parentElement;
    if (row.scrollWidth > row.clientWidth) {
      row.scrollLeft +=
        link.getBoundingClientRect().left -
        row.getBoundingClientRect().left -
        (row.clientWidth - link.offsetWidth) / 2;
    }
  }
}
