// Every press draws the page anew: the link is another element each time.
import { useState } from "react";
import { createRoot } from "react-dom/client";

function Good({ href }) {
  const [presses, setPresses] = useState(0);
  return (
    <figure data-pinapp-entity="bowl">
      <a id="pin" key={presses} href={href} target="_blank" rel="noopener" onClick={() => setPresses(presses + 1)}>
        <span>Pin it {presses}</span>
      </a>
      <button type="button" id="basket">Add to basket</button>
    </figure>
  );
}

const root = document.getElementById("root");
createRoot(root).render(<Good href={root.dataset.href} />);
