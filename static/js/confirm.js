// Asks before a form with data-confirm is sent; without this script the form simply posts.
import { make } from "./dom.js";

function buildDialog(form) {
  const { confirm, confirmText = "", confirmAction = "Yes, go on", confirmCancel = "Keep it" } = form.dataset;
  const danger = "confirmDanger" in form.dataset;
  const title = make("h2", { text: confirm, id: "confirm-title" });
  const body = make("div", { class: "dialog-body" }, title);
  if (confirmText) body.append(make("p", { text: confirmText }));
  const cancel = make("button", { class: "button", type: "button", value: "cancel", text: confirmCancel });
  const accept = make("button", {
    class: `button ${danger ? "button-danger-fill" : "button-primary"}`,
    type: "button",
    text: confirmAction,
  });
  const actions = make("div", { class: "dialog-actions" }, cancel, accept);
  return {
    dialog: make("dialog", { class: "dialog", "aria-labelledby": "confirm-title" }, body, actions),
    cancel,
    accept,
  };
}

function ask(form, submitter) {
  const { dialog, cancel, accept } = buildDialog(form);
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    submitter?.focus();
  });
  cancel.addEventListener("click", () => dialog.close());
  accept.addEventListener("click", () => {
    form.dataset.confirmed = "1";
    dialog.close();
    form.requestSubmit(submitter?.isConnected ? submitter : undefined);
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.showModal();
  cancel.focus();
}

export function enhanceConfirms() {
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!form.dataset.confirm) return;
      if (form.dataset.confirmed) {
        delete form.dataset.confirmed;
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(form, event.submitter);
    },
    true,
  );
}
