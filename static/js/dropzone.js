// A file field one can drop on or paste into; uploads at once and shows the picture.
import { fresh, make } from "./dom.js";
import { send } from "./upload.js";

const WRITES_NOTHING = new Set([
  "button",
  "checkbox",
  "color",
  "file",
  "hidden",
  "image",
  "radio",
  "range",
  "reset",
  "submit",
]);

const isTextField = (element) =>
  element instanceof HTMLTextAreaElement ||
  (element instanceof HTMLInputElement && !WRITES_NOTHING.has(element.type)) ||
  Boolean(element?.isContentEditable);

/**
 * The picture of a paste that is meant for nobody else, or undefined. Text goes to the field it is
 * pasted into; formatted text (a spreadsheet's cell, which brings a picture of itself) is never a
 * picture, while a file's name beside the file is no text to speak of.
 */
export function pastedPicture({ target, clipboardData }) {
  const hasText = Boolean(clipboardData?.getData("text/plain").trim());
  if (hasText && (isTextField(target) || clipboardData.types.includes("text/html"))) return undefined;
  return [...(clipboardData?.files ?? [])].find((file) => file.type.startsWith("image/"));
}

const parts = (zone) => ({
  form: zone.closest("form"),
  file: zone.querySelector("input[type=file]"),
  image: zone.querySelector("[data-dropzone-picture]"),
  call: zone.querySelector("[data-dropzone-call]"),
  words: zone.querySelector("[data-dropzone-words]"),
  bar: zone.querySelector("progress"),
  notes: zone.querySelector("[data-dropzone-notes]"),
  error: document.getElementById(zone.dataset.errorId),
  media: document.getElementById(zone.dataset.mediaId),
});

class Dropzone {
  constructor(zone) {
    this.zone = zone;
    Object.assign(this, parts(zone));
    this.saved = { src: this.image.getAttribute("src"), words: this.words.textContent };
    this.file.addEventListener("change", () => this.takeFile());
    // A browser may not know a sort (HEIC) that the server takes: wait for what comes from there.
    this.image.addEventListener("error", () => {
      this.image.hidden = true;
    });
    for (const name of ["dragenter", "dragover"])
      zone.addEventListener(name, (event) => this.hover(event, true));
    for (const name of ["dragleave", "drop"])
      zone.addEventListener(name, (event) => this.hover(event, false));
    document.addEventListener("paste", (event) => this.paste(event));
    zone.addEventListener("pinapp:take", (event) => this.accept(event.detail));
    zone.addEventListener("pinapp:clear", () => this.clear());
    this.wireAddress();
  }

  hover(event, over) {
    if (event.type === "dragleave" && this.zone.contains(event.relatedTarget)) return;
    this.zone.toggleAttribute("data-over", over);
  }

  paste(event) {
    const picture = pastedPicture(event);
    if (!picture) return;
    event.preventDefault();
    const transfer = new DataTransfer();
    transfer.items.add(picture);
    this.file.files = transfer.files;
    this.takeFile();
  }

  wireAddress() {
    const button = this.form.querySelector("[data-fetch-url]");
    const address = button && this.form.elements[button.dataset.fetchFrom];
    if (!address) return;
    const fetchIt = () => {
      if (address.value.trim()) this.takeAddress(button, address);
    };
    button.addEventListener("click", fetchIt);
    address.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      fetchIt();
    });
  }

  takeFile() {
    const files = [...this.file.files];
    const [file] = files;
    if (!file) return;
    // A carousel takes several pictures and a video part takes videos; one picture is ours.
    const offer = new CustomEvent("pinapp:files", { bubbles: true, cancelable: true, detail: { files } });
    if (!this.zone.dispatchEvent(offer)) {
      this.file.value = "";
      return;
    }
    const data = new FormData();
    data.append(this.file.name, file);
    const local = URL.createObjectURL(file);
    this.show(local);
    this.start(`Uploading ${file.name}…`);
    this.run(this.zone.dataset.uploadUrl, data, () => {
      URL.revokeObjectURL(local);
      this.file.value = ""; // the server has it: the form must not carry it again
    });
  }

  takeAddress(button, address) {
    const data = new FormData();
    data.append("url", address.value.trim());
    button.dataset.busy = "1";
    this.start("Fetching the picture…");
    this.run(
      button.dataset.fetchUrl,
      data,
      () => {
        address.value = "";
      },
      () => {
        delete button.dataset.busy;
      },
    );
  }

  start(words) {
    this.current?.abort();
    this.zone.dataset.state = "busy";
    this.words.textContent = words;
    this.bar.hidden = false;
    this.bar.removeAttribute("value");
    this.error.replaceChildren();
    this.notes.replaceChildren();
    this.file.removeAttribute("aria-invalid");
  }

  async run(url, data, onDone, onSettled = () => {}) {
    const sending = send(url, data, (share) => {
      this.bar.value = share;
    });
    this.current = sending;
    try {
      const media = await sending.done;
      onDone();
      const offer = new CustomEvent("pinapp:picture", { bubbles: true, cancelable: true, detail: media });
      if (this.zone.dispatchEvent(offer)) this.accept(media);
      else this.clear();
    } catch (failure) {
      if (failure instanceof Error) throw failure;
      if (failure) this.refuse(failure);
    } finally {
      onSettled();
      if (this.current === sending) this.bar.hidden = true;
    }
  }

  accept({ id, preview_url: url, width, height, warnings = [] }) {
    this.zone.dataset.state = "ready";
    this.media.value = id;
    this.saved = { src: url, words: `${width} × ${height} pixels` };
    this.words.textContent = this.saved.words;
    this.notes.replaceChildren(...warnings.map((text) => make("li", { text })));
    this.show(url, width, height);
  }

  clear() {
    delete this.zone.dataset.state;
    this.media.value = "";
    this.saved = { src: null, words: "" };
    this.words.textContent = "";
    this.notes.replaceChildren();
    this.image.removeAttribute("src");
    this.show(null);
  }

  refuse({ message, remedy = "" }) {
    this.zone.dataset.state = "invalid";
    this.file.value = "";
    this.file.setAttribute("aria-invalid", "true");
    this.words.textContent = this.saved.words;
    this.error.replaceChildren(make("li", { text: `${message} ${remedy}`.trim() }));
    this.show(this.saved.src);
  }

  show(url, width, height) {
    this.image.hidden = !url;
    if (url) this.image.src = url;
    if (width && height) Object.assign(this.image, { width, height });
    this.form.dispatchEvent(new CustomEvent("pinapp:media", { detail: { url, width, height } }));
  }
}

export function enhanceDropzones(root) {
  for (const zone of fresh(root, "[data-dropzone]", "Dropzone")) new Dropzone(zone);
}
