// What the Pin in the composer shows: "image", "carousel" or "video"; the page's parts follow.
export const showingOf = (section) => section.dataset.showing;

export function setShowing(section, kind) {
  section.dataset.showing = kind;
  describe(section);
}

/** The words over the place to drop files on fit what a file would become there. */
export function describe(section) {
  const call = section.querySelector("[data-dropzone-call]");
  const image = section.querySelector("[data-dropzone-picture]");
  if (!call || !image) return;
  const { dataset } = call;
  const there = image.hidden ? "" : "There";
  call.textContent = dataset[`${section.dataset.showing}${there}`] ?? dataset[section.dataset.showing];
}
