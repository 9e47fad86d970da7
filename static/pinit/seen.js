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
// `path` leads from what was clicked outwards, through shadow trees too.
export function isSeen(path) {
  const [element] = path;
  if (innerWidth < 2 || innerHeight < 2) return false;
  if (![element, ...element.querySelectorAll("*")].some((each) => hasBox(each) || hasBox(contentsOf(each))))
    return false;
  return path
    .filter((each) => each.nodeType === 1)
    .every((each) => {
      const style = getComputedStyle(each);
      return style.visibility !== "hidden" && Number(style.opacity) >= 0.05;
    });
}
