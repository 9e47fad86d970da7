// Light, dark, or as the system says.
import { fresh } from "./dom.js";

const KEY = "pinapp-theme";

function current() {
  return document.documentElement.dataset.theme ?? "system";
}

function choose(theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // storage may be forbidden: the choice then lasts for this page
  }
  mark();
}

function mark() {
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === current()));
  }
}

export function enhanceThemeSwitches(root) {
  for (const button of fresh(root, "[data-theme-choice]", "Theme")) {
    button.addEventListener("click", () => choose(button.dataset.themeChoice));
  }
  mark();
}
