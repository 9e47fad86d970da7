// The pictures of a carousel in the composer: added, put in order by buttons or by dragging, removed.
import { moved, oddOnes, roomFor } from "./carousel.js";
import { enhanceCounters } from "./counters.js";
import { fresh, make } from "./dom.js";
import { setShowing, showingOf } from "./showing.js";
import { send } from "./upload.js";

const isPicture = (file) => !file.type.startsWith("video/");

class Slides {
  constructor(part) {
    this.part = part;
    this.section = part.closest("[data-showing]");
    this.form = part.closest("form");
    this.zone = this.section.querySelector("[data-dropzone]");
    this.list = part.querySelector("[data-slide-list]");
    this.notes = part.querySelector("[data-slide-notes]");
    this.errors = part.querySelector("[data-slide-errors]");
    this.template = part.querySelector("[data-slide-template]");
    this.more = this.section.querySelector("[data-more-pictures]");
    this.most = Number(part.dataset.most);
    this.made = this.list.children.length;
    this.listen();
    this.tidy();
  }

  listen() {
    this.list.addEventListener("click", (event) => this.press(event));
    for (const name of ["dragstart", "dragover", "drop", "dragend"]) {
      this.list.addEventListener(name, (event) => this.drag(event));
    }
    this.more.addEventListener("change", () => {
      this.add([...this.more.files]);
      this.more.value = "";
    });
    this.section.addEventListener("pinapp:files", (event) => this.offer(event));
    this.section.addEventListener("pinapp:picture", (event) => {
      if (showingOf(this.section) !== "carousel") return;
      event.preventDefault();
      this.append(event.detail);
      this.tidy();
    });
    this.form.addEventListener("submit", (event) => {
      if (!this.list.querySelector("[data-busy]")) return;
      event.preventDefault();
      this.notes.textContent = "Wait a moment: the pictures are still being uploaded.";
    });
  }

  get items() {
    return [...this.list.children];
  }

  offer(event) {
    const { files } = event.detail;
    const showing = showingOf(this.section);
    if (event.defaultPrevented || showing === "video" || !files.every(isPicture)) return;
    if (files.length === 1 && showing !== "carousel") return;
    event.preventDefault();
    this.add(files);
  }

  /** Upload files one after the other, in the order they were chosen. */
  async add(files) {
    if (!files.length) return;
    this.errors.replaceChildren();
    this.takeSingle();
    const { fitting, text } = roomFor(this.items.length, files.length, this.most);
    this.notes.textContent = text;
    const waiting = files.slice(0, fitting).map((file) => ({ file, item: this.append(null, file) }));
    this.tidy(text);
    for (const { file, item } of waiting) await this.upload(file, item);
    this.tidy(text);
  }

  async upload(file, item) {
    const data = new FormData();
    data.append("image", file);
    const bar = item.querySelector("[data-slide-progress]");
    try {
      this.fill(
        item,
        await send(this.part.dataset.uploadUrl, data, (share) => {
          bar.value = share;
        }).done,
      );
    } catch (failure) {
      if (failure instanceof Error) throw failure;
      item.remove();
      const { message, remedy = "" } = failure ?? { message: "The upload was stopped." };
      this.errors.append(make("li", { text: `${file.name}: ${message} ${remedy}`.trim() }));
    }
  }

  /** The picture that stands alone so far becomes the first of the carousel. */
  takeSingle() {
    const media = this.form.elements.media;
    const image = this.zone.querySelector("[data-dropzone-picture]");
    if (this.items.length || !media.value) return;
    this.append({
      id: media.value,
      preview_url: image.getAttribute("src"),
      width: image.width,
      height: image.height,
      ...sizeOf(image),
    });
    this.zone.dispatchEvent(new CustomEvent("pinapp:clear"));
  }

  append(media, file) {
    const html = this.template.innerHTML.replaceAll("__n__", String(this.made));
    this.made += 1;
    this.list.append(document.createRange().createContextualFragment(html));
    const item = this.list.lastElementChild;
    if (media) this.fill(item, media);
    else {
      item.dataset.busy = "1";
      item.querySelector("[data-slide-progress]").hidden = false;
      item.querySelector("[data-slide-size]").textContent = `Uploading ${file.name}…`;
    }
    enhanceCounters(item);
    return item;
  }

  fill(item, { id, preview_url: url, width, height }) {
    delete item.dataset.busy;
    Object.assign(item.dataset, { width, height, url });
    item.querySelector("[data-slide-media]").value = id;
    item.querySelector("[data-slide-progress]").hidden = true;
    item.querySelector("[data-slide-size]").textContent = `${width} × ${height}`;
    const image = item.querySelector("[data-slide-picture]");
    Object.assign(image, { src: url, width, height, hidden: false });
    this.tell();
  }

  press(event) {
    const button = event.target.closest("[data-slide-act]");
    if (!button) return;
    event.preventDefault();
    const item = button.closest("[data-slide]");
    const place = this.items.indexOf(item);
    if (button.dataset.slideAct === "remove") this.remove(item, place);
    else this.move(place, place + (button.dataset.slideAct === "up" ? -1 : 1), button);
  }

  remove(item, place) {
    item.remove();
    this.tidy(`Picture ${place + 1} is removed.`);
    (
      this.items[Math.min(place, this.items.length - 1)]?.querySelector("[data-slide-act=remove]") ??
      this.zone.querySelector("input[type=file]")
    ).focus();
  }

  move(from, to, button) {
    if (to < 0 || to >= this.items.length) return;
    this.list.replaceChildren(...moved(this.items, from, to));
    this.tidy(`Picture ${from + 1} is now picture ${to + 1}.`);
    const focus = button?.disabled
      ? button.parentElement.querySelector("[data-slide-act]:not([disabled])")
      : button;
    focus?.focus();
  }

  drag(event) {
    const item = event.target.closest?.("[data-slide]");
    if (event.type === "dragstart") return this.lift(event, item);
    if (!this.lifted) return undefined;
    event.preventDefault();
    event.stopPropagation();
    if (event.type === "dragover" && item && item !== this.lifted) {
      const places = [this.items.indexOf(this.lifted), this.items.indexOf(item)];
      this.list.replaceChildren(...moved(this.items, ...places));
    }
    if (event.type === "drop" || event.type === "dragend") {
      delete this.lifted.dataset.lifted;
      const place = this.items.indexOf(this.lifted) + 1;
      this.lifted = null;
      this.tidy(`The picture is now picture ${place}.`);
    }
    return undefined;
  }

  lift(event, item) {
    if (!item || event.target.closest("input, textarea, details")) return;
    this.lifted = item;
    item.dataset.lifted = "1";
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
  }

  /** Numbers, buttons, sizes and the preview follow from what is in the list now. */
  tidy(text = "") {
    if (this.items.length === 1 && !this.items[0].dataset.busy) this.becomeSingle();
    const count = this.items.length;
    if (showingOf(this.section) !== "video") setShowing(this.section, count ? "carousel" : "image");
    this.items.forEach((item, index) => {
      item.draggable = true;
      item.querySelector("[data-slide-place]").textContent = `Picture ${index + 1} of ${count}`;
      item.querySelector("[data-slide-act=up]").disabled = index === 0;
      item.querySelector("[data-slide-act=down]").disabled = index === count - 1;
    });
    this.part.toggleAttribute("data-full", count >= this.most);
    this.checkSizes(text);
    this.tell();
  }

  becomeSingle() {
    const [{ dataset }] = this.items;
    const id = this.items[0].querySelector("[data-slide-media]").value;
    this.list.replaceChildren();
    const detail = {
      id,
      preview_url: dataset.url,
      width: Number(dataset.width),
      height: Number(dataset.height),
    };
    setShowing(this.section, "image");
    this.zone.dispatchEvent(new CustomEvent("pinapp:take", { detail }));
  }

  checkSizes(text) {
    const there = this.items.filter((item) => item.dataset.width);
    const sizes = there.map(({ dataset }) => `${dataset.width} × ${dataset.height}`);
    const odd = oddOnes(sizes);
    for (const [index, item] of there.entries()) item.toggleAttribute("data-odd", odd.includes(index));
    const words = odd.length
      ? "Pinterest takes a carousel only when all pictures have the same size. Crop or replace the marked ones."
      : "";
    this.notes.textContent = [text, words].filter(Boolean).join(" ");
    this.notes.toggleAttribute("data-warn", Boolean(odd.length));
  }

  tell() {
    const detail = this.items.filter((item) => item.dataset.url).map(({ dataset }) => ({ ...dataset }));
    this.form.dispatchEvent(new CustomEvent("pinapp:slides", { detail }));
  }
}

function sizeOf(image) {
  const width = Number(image.getAttribute("width"));
  const height = Number(image.getAttribute("height"));
  return width && height ? { width, height } : {};
}

export function enhanceSlides(root) {
  for (const part of fresh(root, "[data-slides]", "Slides")) new Slides(part);
}
