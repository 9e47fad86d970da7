// Django's admin brings its own scripts; ours adds the switch of themes that all pages have.
import { enhanceThemeSwitches } from "./themes.js";

enhanceThemeSwitches(document);
