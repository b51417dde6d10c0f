// The way through the steps. It also keeps the address bar and the browser's history at the open
// project and step: a reload or a copied address comes back to the same place, and Back leads to the
// place before.

import { arrange, make, picture, write } from "../kit/dom.js";
import { makeSend } from "../kit/once.js";

const LOGO = `<svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
  <rect class="logo-back" x="2" y="7" width="20" height="20" rx="5"/>
  <rect class="logo-front" x="10" y="3" width="20" height="20" rx="5"/>
  <path class="logo-tick" d="m15.2 13.2 3.3 3.3 6.3-6.6"/></svg>`;

const placeOf = (search) => {
  const address = new URLSearchParams(search);
  return `${address.get("project") ?? ""} ${address.get("step") ?? ""}`;
};

export function start({ element, trigger, props, watch, constants }) {
  const { app, projects, steps } = constants;
  const send = makeSend(trigger);
  const go = (step) => send({ action: "go", step });
  let kept = null; // the place that the address names
  let turn = 0; // how often Back or Forward was pressed; the value says up to which it has followed
  let following = false;
  let shown = 0;

  const logo = [picture(LOGO), make("span", { class: "app-name" }, app)];
  const home = make("button", { type: "button", class: "home", "aria-label": "Projects", onclick: () => go(projects) }, logo);
  const project = make("span", { class: "project-name" });
  const brand = make("div", { class: "brand" });
  const ways = steps.map(makeWay);
  const list = make("ol", { class: "steps" }, ...ways.map((way) => make("li", {}, way.button)));
  const header = make("header", { class: "top", role: "banner" }, brand, make("nav", { "aria-label": "Steps" }, list));
  element.replaceChildren(header);

  function draw() {
    const { step, project_id } = props.value;
    Object.assign(header.dataset, { step, project: project_id ?? "" });
    write(project, props.value.project);
    arrange(brand, props.value.project ? [home, project] : [home]);
    home.ariaCurrent = step === projects ? "step" : null;
    for (const way of ways) way.draw(props.value);
    // At step 0 Python has not read the address yet: that must not replace it.
    if (step === 0) return;
    keepAddress(props.value);
    follow(props.value);
  }

  function makeWay({ id, label }, before) {
    const mark = make("span", { class: "step-mark", "aria-hidden": "true" });
    const done = make("span", { class: "unseen" });
    const open = () => props.value.project_id && go(id);
    const button = make("button", { type: "button", class: "step", onclick: open }, mark, make("span", { class: "step-name" }, label), done);
    return {
      button,
      draw({ step, project_id, finished }) {
        const ready = finished.includes(id);
        button.classList.toggle("finished", ready);
        write(mark, ready ? "✓" : `${before + 1}`);
        write(done, ready ? " (done)" : "");
        button.ariaCurrent = step === id ? "step" : null;
        button.ariaDisabled = project_id ? null : "true";
      },
    };
  }

  function follow({ step, project: name }) {
    const at = steps.findIndex(({ id }) => id === step);
    document.title = [steps[at]?.label, name, app].filter(Boolean).join(" · ");
    if (at >= 0 && list.scrollWidth > list.clientWidth) {
      list.scrollTo({ left: list.children[at].offsetLeft - list.clientWidth / 3 });
    }
    if (shown && step !== shown) window.scrollTo({ top: 0 });
    shown = step;
  }

  function keepAddress({ project_id, step, turn: followed }) {
    // Drawn before the last press was heard of: where it leads to is still to come.
    if (followed < turn) return;
    const place = `${project_id ?? ""} ${step}`;
    const keep = kept === null || following ? "replaceState" : "pushState";
    following = false;
    if (place === kept) return;
    kept = place;
    const address = new URL(window.location.href);
    if (project_id) address.searchParams.set("project", project_id);
    else address.searchParams.delete("project");
    address.searchParams.set("step", step);
    if (address.href !== window.location.href) history[keep](null, "", address);
  }

  window.addEventListener("popstate", () => {
    const place = placeOf(window.location.search);
    if (!element.isConnected || place === kept) return;
    kept = place;
    following = true;
    turn += 1;
    trigger("action", { action: "travel", query: window.location.search, turn });
  });

  watch("value", draw);
  draw();
}
