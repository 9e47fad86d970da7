// Mirrors the form into the Pin preview while it is written.
import { fresh } from "./dom.js";

export function hostOf(link) {
  try {
    const url = new URL(link.trim());
    return /^https?:$/.test(url.protocol) ? url.hostname.replace(/^www\./, "") : "";
  } catch {
    return "";
  }
}

const readers = {
  text: (field) => field.value.trim(),
  host: (field) => hostOf(field.value),
  option: (field) => (field.value ? (field.selectedOptions?.[0]?.textContent.trim() ?? "") : ""),
};

function put(target, text) {
  target.textContent = text || target.dataset.placeholder || "";
  target.toggleAttribute("data-blank", !text);
  target.hidden = !text && !target.dataset.placeholder;
}

function mirror(form, target) {
  const field = form.elements[target.dataset.mirror];
  if (!field?.addEventListener) return;
  const read = readers[target.dataset.mirrorAs ?? "text"];
  const show = () => put(target, read(field));
  field.addEventListener("input", show);
  field.addEventListener("change", show);
  show();
}

function showMedia(preview, { url, width, height, alt = "" }) {
  const image = preview.querySelector("[data-preview-picture]");
  image.hidden = !url;
  if (!url) return image.removeAttribute("src");
  image.src = url;
  image.alt = alt;
  if (width && height) Object.assign(image, { width, height });
  return undefined;
}

function enhance(preview) {
  const form = document.getElementById(preview.dataset.livePreview);
  if (!form) return;
  preview.querySelectorAll("[data-mirror]").forEach((target) => mirror(form, target));
  const board = preview.querySelector("[data-preview-board]");
  form.addEventListener("pinapp:board", (event) => put(board, event.detail.label));
  form.addEventListener("pinapp:media", (event) => showMedia(preview, event.detail));
  const chosen = form.querySelector("[data-board-picker] input[type=radio]:checked");
  if (chosen) put(board, chosen.dataset.label);
}

export function enhancePreviews(root) {
  fresh(root, "[data-live-preview]", "Preview").forEach(enhance);
}
