// Mirrors the form into the Pin preview while it is written.
import { fresh, make } from "./dom.js";

export function hostOf(link) {
  try {
    const url = new URL(link.trim());
    return /^https?:$/.test(url.protocol) ? url.hostname.replace(/^www\./, "") : "";
  } catch {
    return "";
  }
}

const PAUSE_MS = 200;

/** Asks for the letters of a name that scripts know as `xn--` only, and shows them if it is still there. */
async function showLetters(target, host) {
  let letters = "";
  try {
    const query = new URLSearchParams({ host });
    const answer = await fetch(`${target.dataset.letters}?${query}`, { headers: { Accept: "text/plain" } });
    if (answer.ok && !answer.redirected) letters = await answer.text();
  } catch {
    return; // the name stays as it goes over the wire
  }
  if (letters && target.textContent === host) target.textContent = letters;
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
  let pause;
  const show = () => {
    const text = read(field);
    put(target, text);
    clearTimeout(pause);
    if (target.dataset.letters && /(^|\.)xn--/.test(text)) {
      pause = setTimeout(showLetters, PAUSE_MS, target, text);
    }
  };
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

/** Draws the pictures of a carousel; fewer than two leave the single picture in its place. */
function showSlides(preview, slides) {
  const strip = preview.querySelector("[data-preview-strip]");
  const many = slides.length > 1;
  setKind(preview, "carousel", many);
  strip.setAttribute("aria-label", `Pictures of the carousel, ${slides.length} in all`);
  strip.replaceChildren(
    ...(many ? slides : []).map(({ url, width, height }, index) =>
      make(
        "li",
        {},
        make("img", { src: url, width, height, alt: `Picture ${index + 1}` }),
        make("span", { class: "slide-strip-place", text: `${index + 1}/${slides.length}` }),
      ),
    ),
  );
}

function setKind(preview, kind, on) {
  const frame = preview.querySelector(".pin-preview-picture");
  if (on) frame.dataset.kind = kind;
  else if (frame.dataset.kind === kind) delete frame.dataset.kind;
}

function showVideo(preview, { url, width, height, second = 0 }) {
  const player = preview.querySelector("[data-preview-video]");
  setKind(preview, "video", Boolean(url));
  if (!url) return player.removeAttribute("src");
  const source = `${url}#t=${second}`;
  if (player.getAttribute("src") !== source) player.src = source;
  if (width && height) Object.assign(player, { width, height });
  return undefined;
}

/** The chosen account's picture, or the first letter of its name where it has none. */
function showAccount(place, option) {
  const name = option?.value ? option.textContent.trim().replace(/^@/, "") : "";
  const avatar = make("span", {
    class: "avatar avatar-small",
    "aria-hidden": "true",
    text: name.charAt(0) || "?",
  });
  const picture = option?.dataset.picture;
  if (picture) {
    const image = make("img", { src: picture, alt: "", referrerpolicy: "no-referrer" });
    image.addEventListener("error", () => image.remove());
    avatar.append(image);
  }
  place.replaceChildren(avatar);
}

function enhance(preview) {
  const form = document.getElementById(preview.dataset.livePreview);
  if (!form) return;
  const accounts = form.elements.connection;
  const account = preview.querySelector("[data-preview-account]");
  if (account && accounts?.selectedOptions) {
    accounts.addEventListener("change", () => showAccount(account, accounts.selectedOptions[0]));
  }
  for (const target of preview.querySelectorAll("[data-mirror]")) mirror(form, target);
  const board = preview.querySelector("[data-preview-board]");
  form.addEventListener("pinapp:board", (event) => put(board, event.detail.label));
  form.addEventListener("pinapp:media", (event) => showMedia(preview, event.detail));
  form.addEventListener("pinapp:slides", (event) => showSlides(preview, event.detail));
  form.addEventListener("pinapp:video", (event) => showVideo(preview, event.detail));
  const chosen = form.querySelector("[data-board-picker] input[type=radio]:checked");
  if (chosen) put(board, chosen.dataset.label);
}

export function enhancePreviews(root) {
  fresh(root, "[data-live-preview]", "Preview").forEach(enhance);
}
