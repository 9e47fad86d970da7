// The link is in a shadow tree, within the one of a card, and is redrawn by each press.
import { html, LitElement } from "lit";

customElements.define(
  "pin-link",
  class extends LitElement {
    static properties = { href: {}, presses: { state: true } };
    constructor() {
      super();
      this.presses = 0;
    }
    render() {
      return html`<a id="pin" href=${this.href} target="_blank" @click=${() => {
        this.presses += 1;
      }}><em>Pin it ${this.presses}</em></a>`;
    }
  },
);
customElements.define(
  "good-card",
  class extends LitElement {
    static properties = { href: {} };
    render() {
      return html`<section data-pinapp-entity="bowl"><pin-link href=${this.href}></pin-link></section>`;
    }
  },
);
const root = document.getElementById("root");
const card = document.createElement("good-card");
card.href = root.dataset.href;
root.append(card);
