// Counts characters the way the server does: one per Unicode code point. Never blocks typing.
import { fresh, make } from "./dom.js";

const NEAR = 0.9;

export function countCodePoints(text) {
  // A browser submits each line break of a textarea as CR LF; Django's forms read it as one.
  return [...text.replace(/\r\n?/g, "\n").trim()].length;
}

export function describeCount(count, limit) {
  if (count > limit) return { state: "over", text: `${count - limit} over the limit of ${limit}` };
  return { state: count >= limit * NEAR ? "near" : "", text: `${count} / ${limit}` };
}

function enhance(input) {
  const limit = Number(input.dataset.counter);
  const output =
    document.getElementById(`${input.id}_counter`) ??
    make("span", { class: "counter", id: `${input.id}_counter` });
  if (!output.isConnected) input.after(output);
  input.removeAttribute("maxlength"); // it counts UTF-16 units and cuts pasted text in silence
  const described = input.getAttribute("aria-describedby") ?? "";
  if (!described.includes(output.id))
    input.setAttribute("aria-describedby", `${described} ${output.id}`.trim());
  const show = () => {
    const { state, text } = describeCount(countCodePoints(input.value), limit);
    output.textContent = text;
    output.dataset.state = state;
  };
  input.addEventListener("input", show);
  show();
}

export function enhanceCounters(root) {
  fresh(root, "[data-counter]", "Counter").forEach(enhance);
}
