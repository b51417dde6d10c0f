// The way on from the Check step, and its report.

import { arrange, make } from "../../kit/dom.js";
import { makeSend } from "../../kit/once.js";

export function start({ element, trigger, props, watch }) {
  const send = makeSend(trigger);
  const report = make("a", { class: "side-button", target: "_blank", rel: "noopener" }, "Open the report");
  const next = make("button", { type: "button", onclick: () => send({ action: "try" }) }, "Next: try it");
  const foot = make("div", { class: "step-foot" }, report, next);

  function draw() {
    const { value } = props;
    arrange(element, value ? [foot] : []);
    if (!value) return;
    report.href = value.report;
    next.className = value.main ? "main-button" : "side-button";
  }

  watch("value", draw);
  draw();
}
