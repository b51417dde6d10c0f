// What the panels of the Share step have in common.

import { make, write } from "./dom.js";

/** An address that can be copied and opened; `set` gives it another one. */
export function makeAddress(name) {
  const field = make("input", { type: "text", class: "sp-address", readonly: true, spellcheck: "false", "aria-label": name, onfocus: () => field.select() });
  const copied = make("button", { type: "button", class: "sp-strong", onclick: copy }, "Copy");
  const visit = make("a", { class: "sp-button", target: "_blank", rel: "noopener" }, "Open");
  const row = make("div", { class: "sp-address-row" }, field, make("span", { class: "sp-pair" }, copied, visit));

  async function copy() {
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // only a page of this computer or over https may use the clipboard directly
      field.select();
      if (!document.execCommand("copy")) return;
    }
    copied.textContent = "Copied";
    setTimeout(() => {
      copied.textContent = "Copy";
    }, 2000);
  }

  function set(address) {
    if (field.value !== address) field.value = address;
    visit.href = address;
  }
  return { row, set };
}

/** A code for the cameras of phones; the SVG comes from this app itself. */
export function makeCode() {
  const picture = make("div", { class: "sp-code-picture" });
  const box = make("figure", { class: "sp-code" }, picture, make("figcaption", {}, "Point a phone's camera here"));
  let drawn = null;
  function set(svg) {
    box.hidden = !svg;
    if (svg && svg !== drawn) picture.innerHTML = svg;
    drawn = svg;
  }
  return { box, set };
}

/** How far something is, with a way to stop it. */
export function makeWork(stopped) {
  const stage = make("p", { class: "sp-stage", role: "status" });
  const left = make("span", { class: "sp-quiet" });
  const bar = make("progress", { max: "1" });
  const stop = make(
    "button",
    {
      type: "button",
      onclick: () => {
        stop.disabled = true;
        stopped();
      },
    },
    "Stop",
  );
  const box = make(
    "div",
    { class: "sp-work", hidden: true },
    make("div", { class: "sp-work-head" }, make("span", { class: "sp-spinner", "aria-hidden": "true" }), stage, left, stop),
    bar,
  );
  function set(work) {
    box.hidden = !work;
    if (!work) return;
    write(stage, `${work.stage}…`);
    write(left, work.left);
    bar.setAttribute("aria-label", work.stage);
    bar.value = work.fraction;
    stop.disabled = work.stopping;
  }
  return { box, set };
}

/** Show another way to share. */
export function chooseShare(way) {
  document.dispatchEvent(new CustomEvent("choose-share", { detail: way }));
}

/** "Wednesday, 25 November, 14:20" as people write it here. */
export function moment(iso) {
  return new Date(iso).toLocaleString([], { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
}

/** "17.1 MB" */
export function megabytes(bytes) {
  return bytes >= 1e5 ? `${(bytes / 1e6).toLocaleString("en", { maximumFractionDigits: 1 })} MB` : `${Math.max(1, Math.round(bytes / 1e3))} kB`;
}
