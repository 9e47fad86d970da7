// Whether a person could have seen what was clicked.
function hasBox(shape) {
  const box = shape.getBoundingClientRect();
  return box.width >= 1 && box.height >= 1;
}

function contentsOf(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  return range;
}

// A link around what floats has no box of its own, nor has one of which only the contents are shown: what is in it counts.
export function isSeen(element) {
  if (innerWidth < 2 || innerHeight < 2) return false;
  if (![element, ...element.querySelectorAll("*")].some((each) => hasBox(each) || hasBox(contentsOf(each)))) return false;
  for (let each = element; each; each = each.parentElement) {
    const style = getComputedStyle(each);
    if (style.visibility === "hidden" || Number(style.opacity) < 0.05) return false;
  }
  return true;
}
