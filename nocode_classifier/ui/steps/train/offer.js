// A stronger network to download, in one sentence. Event: 'download', with the network's key.

import { arrange, make, write } from "../../kit/dom.js";

export function start({ element, trigger, props, watch }) {
  const words = make("p", {});
  const agree = make("button", { type: "button", class: "sp-side", onclick: download }, "Download");
  const box = make("section", { class: "offer", "aria-label": "A stronger network" }, words, agree);

  function download() {
    agree.disabled = true;
    trigger("download", { key: props.value.key });
  }

  function draw() {
    const { value } = props;
    arrange(element, value ? [box] : []);
    if (!value) return;
    write(words, value.sentence);
    agree.disabled = value.busy;
  }
  watch("value", draw);
  draw();
}
