// The ways to share, as tabs that look like cards. Which one is chosen stands in data-way, and the
// style sheet of the page shows the panel of that way (ui/steps/share/share.css). Events: 'go' (to training).

import { listenOnPage, make } from "../../kit/dom.js";
import { makeTabs } from "../../kit/tabs.js";

const frame = 'class="sw-paper"';
const SHARE_WAYS = [
  {
    key: "link",
    name: "A link for friends",
    about: "They try it right now, while this app is open.",
    states: { busy: "Opening…", open: "Open now" },
    picture: `<rect x="8" y="16" width="62" height="46" rx="9" ${frame}/><rect x="15" y="23" width="48" height="32" rx="5" class="sw-leaf"/><circle cx="31" cy="38" r="8" class="sw-sun"/><path d="m39 51 9-11 9 11z" class="sw-pine"/><path d="M28 69h22" class="sw-line"/><path d="M76 39c6-8 14-8 20 0" class="sw-dots"/><rect x="98" y="12" width="30" height="54" rx="8" ${frame}/><rect x="103" y="18" width="20" height="28" rx="4" class="sw-leaf"/><circle cx="113" cy="32" r="6" class="sw-sun"/><rect x="104" y="51" width="18" height="7" rx="3.5" class="sw-pine"/>`,
  },
  {
    key: "publish",
    name: "Publish a page",
    about: "A page of its own on the web that stays. Free.",
    states: { busy: "Working…", there: "Published" },
    picture: `<circle cx="68" cy="39" r="31" class="sw-leaf"/><path d="M37 39h62M68 8c-12 9-17 20-17 31s5 22 17 31c12-9 17-20 17-31S80 17 68 8z" class="sw-thin"/><rect x="24" y="27" width="56" height="42" rx="8" ${frame}/><path d="M24 37h56" class="sw-edge"/><circle cx="31" cy="32" r="2" class="sw-sun"/><circle cx="37.500" cy="32" r="2" class="sw-pine"/><rect x="31" y="43" width="22" height="19" rx="4" class="sw-leaf"/><circle cx="42" cy="52" r="5" class="sw-sun"/><path d="M58 46h15M58 53h10M58 60h13" class="sw-line"/><path d="m106 14 3 6 6 1-4.500 4.500 1 6.500-5.500-3-5.500 3 1-6.500L97 21l6-1z" class="sw-sun"/>`,
  },
  {
    key: "files",
    name: "Take it with you",
    about: "Files for websites, programs, phones and servers.",
    states: { busy: "Exporting…" },
    picture: `<path d="M28 36h80v26a8 8 0 0 1-8 8H36a8 8 0 0 1-8-8z" ${frame}/><path d="m28 36 9-9M108 36l-9-9" class="sw-edge"/><rect x="44" y="8" width="28" height="38" rx="6" ${frame} transform="rotate(-9 58 27)"/><rect x="49" y="14" width="18" height="15" rx="3" class="sw-sun" transform="rotate(-9 58 27)"/><rect x="68" y="6" width="28" height="40" rx="6" ${frame} transform="rotate(8 82 26)"/><path d="M75 16h14M75 23h14M75 30h9" class="sw-line" transform="rotate(8 82 26)"/><path d="M28 42h80v20a8 8 0 0 1-8 8H36a8 8 0 0 1-8-8z" class="sw-pine"/><path d="M68 48v13m-7-6 7 7 7-7" class="sw-arrow"/>`,
  },
];

export function start({ element, trigger, props, watch }) {
  let value = null;

  const note = make("p", { class: "sw-note", hidden: true });
  const missing = make(
    "div",
    { class: "ph-empty sw-missing", hidden: true },
    make("div", { class: "ph-drawing", "aria-hidden": "true" }, "🎁"),
    make("h3", {}, "Nothing to share yet"),
    make("p", { class: "sw-why" }),
    make("button", { type: "button", class: "sw-main", onclick: () => trigger("go", {}) }, "Go to training"),
  );
  const tabs = SHARE_WAYS.map(({ key, name, about, picture }) => {
    const tab = make(
      "button",
      { type: "button", role: "tab", "data-key": key, "aria-label": name },
      make("span", { class: "sw-words" }, make("span", { class: "sw-name" }, name), make("span", { class: "sw-about" }, about)),
      make("span", { class: "sw-state", hidden: true }),
    );
    tab.insertAdjacentHTML("afterbegin", `<svg viewBox="0 0 136 78" aria-hidden="true">${picture}</svg>`);
    return tab;
  });
  const bar = make("div", { class: "sw-ways", role: "tablist", "aria-label": "Ways to share" }, tabs);
  const head = make(
    "div",
    {},
    make("h1", { class: "page-title" }, "Share it"),
    make("p", { class: "page-lead" }, "Show it to friends, give it a page of its own, or take it along."),
  );
  const all = make("div", { class: "share-ways", hidden: true }, head, note, missing, bar);
  element.replaceChildren(all);

  function draw() {
    value = props.value;
    all.hidden = !value;
    if (!value) return;
    missing.hidden = !value.missing;
    bar.hidden = Boolean(value.missing);
    missing.querySelector(".sw-why").textContent = value.missing;
    note.textContent = value.note;
    note.hidden = !value.note || Boolean(value.missing);
    SHARE_WAYS.forEach(({ key, states }, at) => {
      const state = tabs[at].querySelector(".sw-state");
      state.textContent = states[value[key]] || "";
      state.hidden = !state.textContent;
      state.dataset.state = value[key] || "";
    });
  }

  const choose = makeTabs({ list: bar, tabs, memory: "nocode-classifier share way" });
  // A panel offers another way where its own is closed.
  listenOnPage(element, {
    "choose-share": (event) => {
      choose(event.detail);
      bar.scrollIntoView({ behavior: "smooth", block: "nearest" });
    },
  });

  watch("value", draw);
  draw();
}
