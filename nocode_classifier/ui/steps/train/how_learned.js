// How the network learned, round by round: curves that Python drew (steps/train/curves_view.py).

import { arrange, make, picture } from "../../kit/dom.js";

export function start({ element, props, watch }) {
  function draw() {
    const title = make("h2", {}, "How it learned");
    const lead = make("p", { class: "page-lead small" }, "Round by round, on the photos it learns from and on those kept aside to check it.");
    arrange(element, props.value ? [make("section", { class: "training" }, title, lead, picture(props.value))] : []);
  }
  watch("value", draw);
  draw();
}
