// Shows that a form is on its way and refuses to send it twice.
function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[data-busy]")) {
    delete button.dataset.busy;
    button.removeAttribute("aria-disabled");
  }
}

function lock(form, submitter) {
  form.dataset.sent = "1";
  if (!submitter?.classList.contains("button")) return;
  submitter.dataset.busy = "1";
  submitter.setAttribute("aria-disabled", "true"); // not `disabled`: its name and value must be sent
}

export function enhanceSubmits() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog" || form.method === "get") return;
    if (form.dataset.sent) event.preventDefault();
    else lock(form, event.submitter);
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form");
    if (form) release(form);
  });
  // Coming back with the browser's Back button must not find dead buttons.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
  });
}
