// Whether a person could have seen what was clicked.
export function isSeen(element) {
  const box = element.getBoundingClientRect();
  if (box.width < 1 || box.height < 1 || innerWidth < 2 || innerHeight < 2) return false;
  for (let each = element; each; each = each.parentElement) {
    const style = getComputedStyle(each);
    if (style.visibility === "hidden" || Number(style.opacity) < 0.05) return false;
  }
  return true;
}
