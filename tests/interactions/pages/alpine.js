// Its address is set anew by each press, in the midst of the event.
import Alpine from "alpinejs";

const root = document.getElementById("root");
Alpine.data("good", () => ({
  presses: 0,
  get href() {
    return this.presses >= 0 ? root.dataset.href : "";
  },
}));
root.innerHTML = `<div x-data="good"><a id="pin" data-pinapp-entity="bowl" target="_blank" :href="href"
  @click="presses += 1">Pin it <i x-text="presses"></i></a></div>`;
Alpine.start();
