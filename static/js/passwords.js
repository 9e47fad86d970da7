// Lets a person see the password they type.
import { fresh, icon, make } from "./dom.js";

function enhance(input) {
  const wrap = make("span", { class: "password" });
  input.replaceWith(wrap);
  const button = make(
    "button",
    { type: "button", "aria-pressed": "false", "aria-label": "Show password" },
    icon("eye"),
  );
  wrap.append(input, button);
  button.addEventListener("click", () => {
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    button.replaceChildren(icon(shown ? "eye" : "eye-off"));
  });
}

export function enhancePasswords(root) {
  fresh(root, "input[type=password]", "Password").forEach(enhance);
}
