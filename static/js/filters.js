// Filters that apply as soon as they are chosen; without this script there is a button.
export function enhanceFilters() {
  document.addEventListener("change", (event) => {
    if (!event.target.matches?.("[data-submits]")) return;
    const { form } = event.target;
    // A board belongs to one account: with another one it would find nothing.
    if (event.target.name === "account" && form.elements.board) form.elements.board.value = "";
    for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
    form.requestSubmit();
  });
}
