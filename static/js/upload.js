// Sends one file or address and reports progress; failures come as {message, remedy}.
import { csrfToken } from "./dom.js";

const UNREACHABLE = { message: "The picture didn’t reach PinApp.", remedy: "Check your connection and choose it again." };
const UNREADABLE = { message: "PinApp couldn’t take the picture.", remedy: "Reload the page and try again." };
const TOO_LARGE = { message: "The picture is larger than this server accepts.", remedy: "Choose one below 20 MB." };

function readAnswer(request) {
  if (request.status === 413 && typeof request.response?.message !== "string") return TOO_LARGE;
  return request.response && typeof request.response === "object" ? request.response : UNREADABLE;
}

/** Returns {done: Promise<media>, abort()}; done rejects with {message, remedy}, or null when aborted. */
export function send(url, data, onProgress = () => {}) {
  const request = new XMLHttpRequest();
  const done = new Promise((resolve, reject) => {
    request.open("POST", url);
    request.responseType = "json";
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      const answer = readAnswer(request);
      if (request.status >= 200 && request.status < 300 && answer.id) resolve(answer);
      else reject(answer.message ? answer : UNREADABLE);
    });
    request.addEventListener("error", () => reject(UNREACHABLE));
    request.addEventListener("abort", () => reject(null));
    request.send(data);
  });
  return { done, abort: () => request.abort() };
}
