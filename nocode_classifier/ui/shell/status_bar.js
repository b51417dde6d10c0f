// The strip under the header: a project's slow work with its bar and Stop, then how it ended.

import { arrange, make, write } from "../kit/dom.js";
import { makeSend } from "../kit/once.js";

const MARKS = { done: "✓", stopped: "■", failed: "!" };

export function start({ element, trigger, props, watch }) {
  const send = makeSend(trigger);
  const drawRunning = makeRunning();

  function draw() {
    const value = props.value;
    const strip = value && (value.kind === "running" ? drawRunning(value) : makeNotice(value));
    arrange(element, strip ? [strip] : []);
  }

  /** @returns what draws running work; Stop keeps the focus from one drawing to the next. */
  function makeRunning() {
    const spinner = make("span", { class: "strip-spinner", "aria-hidden": "true" });
    const words = make("span", { class: "strip-words" });
    const details = make("span", { class: "strip-details" });
    const progress = make("progress", { max: 100 });
    const percent = make("span", { class: "strip-percent" });
    const told = [spinner, words, details, make("span", { class: "strip-bar" }, progress), percent];
    const stop = make("button", { type: "button", class: "quiet-button", onclick: () => send({ action: "stop" }) }, "Stop");
    const strip = make("div", { class: "strip running", role: "status" });
    return (value) => {
      strip.dataset.work = value.work;
      write(words, `${value.words}…`);
      write(details, value.details);
      write(percent, `${value.percent} %`);
      progress.value = value.percent;
      progress.ariaLabel = value.words;
      arrange(strip, value.stopping ? told : [...told, stop]);
      return strip;
    };
  }

  function makeNotice({ kind, work, words }) {
    return make(
      "div",
      { class: `strip ${kind}`, "data-work": work, role: "status" },
      make("span", { class: "strip-mark", "aria-hidden": "true" }, MARKS[kind] ?? "i"),
      make("span", { class: "strip-words" }, words),
      make("button", { type: "button", class: "quiet-button", "aria-label": "Close this message", onclick: () => send({ action: "dismiss" }) }, "✕"),
    );
  }

  watch("value", draw);
  draw();
}
