// A picture that cannot be loaded gives way to what stands behind it.
import { fresh } from "./dom.js";

function giveWay(image) {
  image.hidden = true;
}

export function enhanceImages(root) {
  for (const image of fresh(root, "img[data-fallback]", "Image")) {
    if (image.complete && image.naturalWidth === 0 && image.getAttribute("src")) giveWay(image);
    image.addEventListener("error", () => giveWay(image));
    image.addEventListener("load", () => {
      image.hidden = false;
    });
  }
}
