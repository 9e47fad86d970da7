// The video part of the composer: checked where that is possible, sent as a stream, its cover chosen.
import { fresh, make } from "./dom.js";
import { describe, setShowing, showingOf } from "./showing.js";
import { send } from "./upload.js";

const LONGEST_S = 15 * 60;
const PROBE_MS = 4000;

export const isVideo = (file) =>
  file.type.startsWith("video/") || /\.(mp4|mov|m4v|mkv|webm|ts|flv|avi|3gp)$/i.test(file.name);

/**
 * What is wrong with a file before anything is sent, from its size and its length in seconds. That
 * it is too short only the server can tell: of films in fragments browsers see the first.
 */
export function problemOf({ size, seconds }, limit) {
  if (size === 0) return "The file is empty. Choose a video.";
  if (size > limit)
    return `This video has ${(size / 1024 ** 3).toFixed(1)} GB; Pinterest takes up to 2 GB. Save it at a lower quality or resolution.`;
  if (seconds !== null && seconds > LONGEST_S)
    return "The video is longer than 15 minutes, the most Pinterest takes. Trim it.";
  return "";
}

/** The length in seconds; null where this browser can't tell, then the server will. */
function lengthOf(file) {
  return new Promise((resolve) => {
    const probe = document.createElement("video");
    const url = URL.createObjectURL(file);
    const end = (seconds) => {
      clearTimeout(timer);
      URL.revokeObjectURL(url);
      resolve(Number.isFinite(seconds) ? seconds : null);
    };
    const timer = setTimeout(() => end(null), PROBE_MS);
    probe.preload = "metadata";
    probe.addEventListener("loadedmetadata", () => end(probe.duration));
    probe.addEventListener("error", () => end(null));
    probe.src = url;
  });
}

class VideoPart {
  constructor(part) {
    this.part = part;
    this.section = part.closest("[data-showing]");
    this.form = part.closest("form");
    this.id = this.form.elements.video;
    this.busy = part.querySelector("[data-video-busy]");
    this.words = part.querySelector("[data-video-words]");
    this.bar = this.busy.querySelector("progress");
    this.chosen = part.querySelector("[data-video-chosen]");
    this.player = part.querySelector("[data-video-player]");
    this.errors = part.querySelector("[data-video-errors]");
    this.second = this.form.elements.cover_second;
    this.listen();
  }

  listen() {
    this.section.addEventListener("pinapp:files", (event) => this.offer(event));
    this.part.querySelector("[data-video-stop]").addEventListener("click", () => this.current?.abort());
    this.part.querySelector("[data-video-remove]").addEventListener("click", (event) => {
      event.preventDefault();
      this.remove();
    });
    const frame = this.part.querySelector("[data-video-frame]");
    frame.hidden = false;
    frame.addEventListener("click", () => {
      this.second.value = String(Math.floor(this.player.currentTime));
      this.tell();
    });
    this.second.addEventListener("change", () => {
      this.player.currentTime = Number(this.second.value) || 0;
      this.tell();
    });
    this.form.addEventListener("pinapp:media", () => describe(this.section));
    this.form.addEventListener("submit", (event) => {
      if (this.busy.hidden) return;
      event.preventDefault();
      this.refuse("Wait until the video is uploaded, or stop the upload.");
    });
  }

  offer(event) {
    const video = event.detail.files.find(isVideo);
    if (!video) return;
    event.preventDefault();
    if (showingOf(this.section) === "carousel") {
      this.refuse("A Pin shows either a carousel or a video. Remove the pictures first.");
    } else if (event.detail.files.length > 1) {
      this.refuse("Add the video alone; its cover picture comes after it.");
    } else this.take(video);
  }

  async take(file) {
    this.errors.replaceChildren();
    const seconds = await lengthOf(file);
    const problem = problemOf({ size: file.size, seconds }, Number(this.part.dataset.limit));
    if (problem) {
      this.refuse(problem);
      return;
    }
    this.start(file);
    const sending = send(this.part.dataset.uploadUrl, file, (share) => this.progress(file, share));
    this.current = sending;
    try {
      this.accept(await sending.done);
    } catch (failure) {
      if (failure instanceof Error) throw failure;
      if (failure) this.refuse(`${failure.message} ${failure.remedy ?? ""}`.trim());
    } finally {
      this.busy.hidden = true;
    }
  }

  start(file) {
    this.current?.abort();
    this.busy.hidden = false;
    this.bar.removeAttribute("value");
    this.words.textContent = `Uploading ${file.name}…`;
  }

  progress(file, share) {
    this.bar.value = share;
    if (share === 1) this.words.textContent = `Checking ${file.name}…`;
  }

  accept({ id, url, length, width, height, megabytes, seconds }) {
    this.id.value = id;
    this.video = { url, width, height };
    Object.assign(this.player, { src: url, width, height });
    this.part.querySelector("[data-video-length]").textContent = `Video, ${length}`;
    this.part.querySelector("[data-video-size]").textContent = `${width} × ${height}, ${megabytes}`;
    this.second.max = String(seconds);
    this.chosen.hidden = false;
    setShowing(this.section, "video");
    this.tell();
  }

  remove() {
    this.id.value = "";
    this.chosen.hidden = true;
    this.player.removeAttribute("src");
    this.player.load();
    this.video = null;
    setShowing(this.section, "image");
    this.form.dispatchEvent(new CustomEvent("pinapp:video", { detail: {} }));
    this.section.querySelector("[data-dropzone] input[type=file]").focus();
  }

  refuse(text) {
    this.errors.replaceChildren(make("li", { text }));
  }

  tell() {
    const shown = this.video ?? {
      url: this.player.getAttribute("src"),
      width: this.player.width,
      height: this.player.height,
    };
    this.form.dispatchEvent(
      new CustomEvent("pinapp:video", { detail: { ...shown, second: Number(this.second.value) || 0 } }),
    );
  }
}

export function enhanceVideos(root) {
  for (const part of fresh(root, "[data-video-part]", "Video")) new VideoPart(part);
}
