// Looking for odd photos before anybody looks through all of them.

import { arrange, make } from "../../kit/dom.js";
import { makeLooking } from "../../kit/looking.js";
import { makeSend } from "../../kit/once.js";

export function start({ element, trigger, props, watch }) {
  const send = makeSend(trigger);
  const looking = makeLooking();
  const find = make("button", { type: "button", class: "quiet-button odd-find", onclick: () => send({ action: "find" }) }, "Show odd ones first");

  function draw() {
    const { value } = props;
    looking.draw(value?.looking);
    arrange(element, value?.looking ? [looking.line] : value?.offered ? [find] : []);
  }

  watch("value", draw);
  draw();
}
