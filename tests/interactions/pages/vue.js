// The address is bound and drawn anew at each press, and the page's own handler stops the event.
import { createApp, h, ref } from "@vue/runtime-dom";

const root = document.getElementById("root");
const presses = ref(0);
createApp({
  render: () =>
    h("div", { "data-pinapp-entity": "bowl" }, [
      h(
        "a",
        {
          id: "pin",
          href: root.dataset.href,
          target: "_blank",
          title: `Pressed ${presses.value} times`,
          onClick: (event) => {
            presses.value += 1;
            event.stopPropagation();
          },
          onAuxclick: (event) => {
            event.stopPropagation();
          },
        },
        [h("b", `Pin it ${presses.value}`)],
      ),
    ]),
}).mount(root);
