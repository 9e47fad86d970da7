// Sends one file or address and reports progress; failures come as {message, remedy}.
import { csrfToken } from "./dom.js";

const wordsFor = (thing, limit) => ({
  unreachable: {
    message: `The ${thing} didn’t reach PinApp.`,
    remedy: "Check your connection and choose it again.",
  },
  unreadable: { message: `PinApp couldn’t take the ${thing}.`, remedy: "Reload the page and try again." },
  tooLarge: {
    message: `The ${thing} is larger than this server accepts.`,
    remedy: `Choose one below ${limit}.`,
  },
});

function readAnswer(request, words) {
  if (request.status === 413 && typeof request.response?.message !== "string") return words.tooLarge;
  return request.response && typeof request.response === "object" ? request.response : words.unreadable;
}

/**
 * Sends form data, or a file as the body itself (a video, which the server streams to its disk).
 * Returns {done: Promise<media>, abort()}; done rejects with {message, remedy}, or null when aborted.
 */
export function send(url, data, onProgress = () => {}) {
  const isVideo = data instanceof Blob;
  const words = isVideo ? wordsFor("video", "2 GB") : wordsFor("picture", "20 MB");
  const request = new XMLHttpRequest();
  const done = new Promise((resolve, reject) => {
    request.open("POST", url);
    request.responseType = "json";
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("Accept", "application/json");
    if (isVideo) request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      const answer = readAnswer(request, words);
      if (request.status >= 200 && request.status < 300 && answer.id) resolve(answer);
      else reject(answer.message ? answer : words.unreadable);
    });
    request.addEventListener("error", () => reject(words.unreachable));
    request.addEventListener("abort", () => reject(null));
    request.send(data);
  });
  return { done, abort: () => request.abort() };
}
