// Keeps the address bar and the browser's history at the open project and step: a reload or a copied
// address comes back to the same place, and Back leads to the place before.

import { start as startActions } from "../kit/actions.js";

const placeOf = (search) => {
  const address = new URLSearchParams(search);
  return `${address.get("project") ?? ""} ${address.get("step") ?? ""}`;
};

export function start(part) {
  startActions(part);
  const { element, trigger, watch } = part;
  let kept = null; // the place that the address names
  let turn = 0; // how often Back or Forward was pressed; the header says up to which it has followed
  let following = false;
  let shown = null;

  const keepAddress = ({ project, step, turn: followed }) => {
    // Drawn before the last press was heard of: where it leads to is still to come.
    if (Number(followed) < turn) return;
    const place = `${project} ${step}`;
    const keep = kept === null || following ? "replaceState" : "pushState";
    following = false;
    if (place === kept) return;
    kept = place;
    const address = new URL(window.location.href);
    if (project) address.searchParams.set("project", project);
    else address.searchParams.delete("project");
    address.searchParams.set("step", step);
    if (address.href !== window.location.href) history[keep](null, "", address);
  };

  window.addEventListener("popstate", () => {
    const place = placeOf(window.location.search);
    if (!element.isConnected || place === kept) return;
    kept = place;
    following = true;
    turn += 1;
    trigger("action", { action: "travel", query: window.location.search, turn });
  });

  const follow = () => {
    const header = element.querySelector("header[data-step]");
    if (!header) return;
    keepAddress(header.dataset);
    document.title = header.dataset.title;
    const current = element.querySelector('.steps [aria-current="step"]');
    const list = element.querySelector(".steps");
    if (current && list.scrollWidth > list.clientWidth) {
      list.scrollTo({ left: current.parentElement.offsetLeft - list.clientWidth / 3 });
    }
    const { step } = header.dataset;
    if (shown !== null && step !== shown) window.scrollTo({ top: 0 });
    shown = step;
  };
  watch("value", follow);
  // Until Python has read the address the header is at no step: that must not replace the address.
  if (element.querySelector("header[data-step]")?.dataset.step !== "0") follow();
}
