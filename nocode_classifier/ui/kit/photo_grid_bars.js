// What stands around the photos of the grid: the views above, what can be done, the pages below.

import { counted, make, paint } from "./dom.js";

export const inBin = (value) => value.view === "bin";
export const inDoubt = (value) => value.view === "doubtful";

/** The views there are; photos can be dropped on them. @param look called with a view and a page. */
export function makeFilters({ look }) {
  const nav = make("nav", { class: "ph-filters", "aria-label": "Which photos to show" });

  function draw(value) {
    const chip = (view, text, number, label) =>
      paint(
        make(
          "button",
          {
            type: "button",
            class: label ? "ph-chip" : "ph-chip ph-plain",
            "aria-pressed": String(value.view === view),
            "data-view": view,
            "data-class": label ? label.id : null,
            onclick: () => look(view, 0),
          },
          make("span", { class: "ph-name" }, text),
          make("span", { class: "ph-number" }, number.toLocaleString("en")),
        ),
        label,
      );
    const chips = [
      chip("all", "All", value.kept_count),
      ...(value.doubtful_count || inDoubt(value) ? [chip("doubtful", "In doubt", value.doubtful_count)] : []),
      ...value.classes.map((label) => chip(label.id, label.name, label.count, label)),
      chip("bin", "Bin", value.bin_count),
    ];
    const had = nav.contains(document.activeElement) ? document.activeElement.dataset.view : null;
    nav.classList.toggle("ph-narrowed", value.view !== "all");
    nav.replaceChildren(...chips);
    if (had) nav.querySelector(`[data-view="${had}"]`)?.focus();
  }

  return { nav, draw };
}

/** How many photos there are or are chosen, and what can be done with them. */
export function makeToolbar(selection, { decide, choosePage, chooseView, undo }) {
  const count = make("span", { class: "ph-count", role: "status" });
  const actions = make("div", { class: "ph-actions" });
  const bar = make("div", { class: "ph-bar", role: "toolbar", "aria-label": "What to do with the photos" }, count, actions);
  const button = (text, act, extra = {}) => make("button", { type: "button", onclick: act, ...extra }, text);

  function draw(value) {
    const some = selection.size > 0;
    bar.hidden = !value.total && !value.undo;
    bar.classList.toggle("ph-busy", some);
    const doubt = inDoubt(value) && value.total ? ` ${value.total === 1 ? "looks" : "look"} like another class` : "";
    count.textContent = some ? `${counted(selection.size, "photo")} chosen` : counted(value.total, "photo") + doubt;
    const key = JSON.stringify([some, value.view, value.undo, value.total, value.classes, wholePage(value), wholeView(value)]);
    if (actions.dataset.key === key) return; // keeps an open menu open
    actions.dataset.key = key;
    actions.replaceChildren(...(some ? forChosen(value) : []), ...toChoose(value, some), ...toUndo(value));
  }

  function forChosen(value) {
    if (inBin(value)) return [button("Put back", () => decide("restore"), { class: "ph-strong" })];
    const elsewhere = value.classes.some((label) => label.id !== value.view);
    return [elsewhere ? moveMenu(value) : "", button("Remove", () => decide("bin"), { title: "Put them in the bin (Delete)" })];
  }

  const wholePage = ({ photos }) => photos.length > 0 && photos.every((photo) => selection.has(photo.id));
  const wholeView = ({ total }) => selection.size >= total;

  function toChoose(value, some) {
    const more = [];
    if (value.total && !wholePage(value)) {
      const text = value.pages > 1 ? "Choose all on this page" : "Choose all";
      more.push(button(text, choosePage, { class: "ph-quiet", title: "Ctrl+A" }));
    } else if (value.pages > 1 && !wholeView(value)) {
      more.push(button(`Choose all ${value.total.toLocaleString("en")}`, chooseView, { class: "ph-quiet" }));
    }
    if (some) more.push(button("Choose none", () => selection.clear(), { class: "ph-quiet", title: "Esc" }));
    return more;
  }

  function toUndo(value) {
    if (!value.undo) return [];
    return [
      make(
        "span",
        { class: "ph-undo" },
        make("span", { class: "ph-what" }, value.undo),
        button("↶ Undo", undo, { title: "Ctrl+Z", "aria-label": `Undo: ${value.undo}` }),
      ),
    ];
  }

  function moveMenu(value) {
    const menu = make("details", { class: "ph-menu" }, make("summary", { role: "button", class: "ph-strong" }, "Move to"));
    const items = value.classes
      .map((label, index) =>
        label.id === value.view
          ? null
          : paint(
              make(
                "button",
                {
                  type: "button",
                  role: "menuitem",
                  class: "ph-chip",
                  title: index < 9 ? `Key ${index + 1}` : null,
                  onclick: () => decide("move", selection.ids(), label.id),
                },
                make("span", { class: "ph-name" }, label.name),
              ),
              label,
            ),
      )
      .filter(Boolean);
    menu.append(make("div", { class: "ph-choices", role: "menu", "aria-label": "Move to class" }, items));
    return menu;
  }

  return { bar, draw, openMenu: () => actions.querySelector("details[open]") };
}

/** The way to other pages. @param look called with a view and a page. */
export function makePager({ look }) {
  const nav = make("nav", { class: "ph-pager", "aria-label": "Pages" });

  function draw(value) {
    nav.hidden = value.pages < 2;
    const step = (text, name, page) =>
      make(
        "button",
        {
          type: "button",
          "aria-label": name,
          disabled: page < 0 || page >= value.pages,
          onclick: () => look(value.view, page),
        },
        text,
      );
    const first = value.page * value.page_size + 1;
    const last = first + value.photos.length - 1;
    nav.replaceChildren(
      step("«", "First page", value.page ? 0 : -1),
      step("‹ Back", "Page before", value.page - 1),
      make("span", {}, `${first.toLocaleString("en")}–${last.toLocaleString("en")} of ${value.total.toLocaleString("en")}`),
      step("More ›", "Next page", value.page + 1),
      step("»", "Last page", value.page < value.pages - 1 ? value.pages - 1 : -1),
    );
  }

  return { nav, draw };
}

/** What is said where a view has no photos. */
export function nothingHere(value) {
  const [drawing, title, text] = inBin(value)
    ? ["🗑️", "The bin is empty", "Photos you remove come here, and can be put back."]
    : inDoubt(value)
      ? ["👌", "None of them is in doubt any more", "Look through the others too, then train again."]
      : value.kept_count
        ? ["📭", "No photos of this yet", "Add some in the step before, or move photos here."]
        : ["🖼️", "Nothing to look through yet", "Add photos in the step before; they appear here at once."];
  return [make("div", { class: "ph-drawing", "aria-hidden": "true" }, drawing), make("h3", {}, title), make("p", {}, text)];
}
