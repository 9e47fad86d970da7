// A button that opens a popup itself, as share buttons of component libraries do.
import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";

function Share({ href }) {
  const [presses, setPresses] = useState(0);
  function open(event) {
    event.preventDefault();
    window.open(event.currentTarget.href, "pin", "width=700,height=700");
    setPresses(presses + 1);
  }
  return <a id="pin" data-pinapp-entity="bowl" href={href} onClick={open}>Pin it {presses}</a>;
}

const root = document.getElementById("root");
createRoot(root).render(<StrictMode><Share href={root.dataset.href} /></StrictMode>);
