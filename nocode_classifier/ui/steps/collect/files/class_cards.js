// The classes side by side: which one photos are being added to, how many it has, what is missing.

import { arrowStep, counted, make, paint, thumbnail } from "../../../kit/dom.js";

/** @param choose called with a class id; @param drop called with a class id and the drop event. */
export function makeClassCards({ choose, drop }) {
  const cards = make("div", { class: "ph-cards", role: "radiogroup", "aria-label": "Class to add photos to" });

  function draw(value) {
    const had = cards.contains(document.activeElement) ? document.activeElement.dataset.id : null;
    const known = new Map([...cards.children].map((card) => [card.dataset.key, card]));
    const nodes = value.classes.map((label) => {
      const key = JSON.stringify(label);
      return known.get(key) ?? make_card(label, key, value.project_id);
    });
    nodes.forEach((node) => mark(node, value));
    if (nodes.some((node, index) => cards.children[index] !== node) || cards.children.length !== nodes.length) {
      cards.replaceChildren(...nodes);
    }
    const now = cards.querySelector('[aria-checked="true"]');
    if (now && cards.scrollWidth > cards.clientWidth) {
      const [left, right] = [now.offsetLeft - cards.offsetLeft, now.offsetLeft - cards.offsetLeft + now.offsetWidth];
      if (left < cards.scrollLeft || right > cards.scrollLeft + cards.clientWidth) cards.scrollTo({ left: left - 24, behavior: "smooth" });
    }
    if (had) cards.querySelector(`[data-id="${had}"]`)?.focus({ preventScroll: true });
  }

  function make_card(label, key, project) {
    const strip = label.latest.map((sha256) =>
      make("img", { src: thumbnail(project, sha256), alt: "", loading: "lazy", decoding: "async", draggable: "false" }),
    );
    return paint(
      make(
        "div",
        {
          class: "ph-card",
          role: "radio",
          "data-id": label.id,
          "data-key": key,
          "aria-label": `${label.name}, ${counted(label.count, "photo")}. ${label.missing || ""}`,
          onclick: () => choose(label.id),
          ondragover: (event) => {
            event.preventDefault();
            event.stopPropagation();
            event.currentTarget.classList.add("ph-over");
          },
          ondragleave: (event) => event.currentTarget.classList.remove("ph-over"),
          ondrop: (event) => {
            event.preventDefault();
            event.stopPropagation();
            event.currentTarget.classList.remove("ph-over");
            drop(label.id, event);
          },
        },
        make(
          "div",
          { class: "ph-top" },
          make("span", { class: "ph-title", title: label.name }, label.name),
          make("span", { class: "ph-number", "data-count": label.count }, label.count.toLocaleString("en")),
        ),
        make("div", { class: "ph-strip" }, strip.length ? strip : make("span", { class: "ph-none" }, "No photos yet")),
        make(
          "div",
          { class: "ph-foot" },
          make(
            "span",
            { class: "ph-missing" },
            label.missing || (label.enough ? [make("span", { class: "ph-sign-font", "aria-hidden": "true" }, "✓ "), "Plenty to learn from"] : ""),
          ),
          make("span", { class: "ph-here", "aria-hidden": "true" }, "Adding here"),
        ),
      ),
      label,
    );
  }

  function mark(card, value) {
    const chosen = Number(card.dataset.id) === value.chosen;
    card.setAttribute("aria-checked", String(chosen));
    card.tabIndex = chosen ? 0 : -1;
  }

  cards.addEventListener("keydown", (event) => {
    const all = [...cards.children];
    const at = all.indexOf(event.target.closest(".ph-card"));
    const step = arrowStep(event);
    if (step) {
      const next = all[(at + step + all.length) % all.length];
      next.focus();
      choose(Number(next.dataset.id));
    } else if (event.key === " " || event.key === "Enter") choose(Number(all[at].dataset.id));
    else return;
    event.preventDefault();
  });

  return { cards, draw };
}
