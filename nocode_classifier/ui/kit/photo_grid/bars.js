// What stands around the photos of the grid: the views above, what can be done, the pages below.

import { counted, make, paint, write } from "../dom.js";
import { further, inBin } from "./words.js";

/** The views there are; photos can be dropped on them. @param look called with a view and a page. */
export function makeFilters({ look }) {
  const usual = make("div", { class: "ph-row" });
  const worth = make("div", { class: "ph-row ph-worth", role: "group", "aria-label": "Worth a look" });
  const nav = make("nav", { class: "ph-filters", "aria-label": "Which photos to show" }, usual, worth);
  const about = make("p", { class: "ph-about" });

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
    const had = nav.contains(document.activeElement) ? document.activeElement.dataset.view : null;
    nav.classList.toggle("ph-narrowed", value.view !== "all");
    usual.replaceChildren(
      chip("all", "All", value.kept_count),
      ...value.classes.map((label) => chip(label.id, label.name, label.count, label)),
      chip("bin", "Bin", value.bin_count),
    );
    worth.hidden = !value.further.length;
    worth.replaceChildren(
      make("span", { class: "ph-worth-name", "aria-hidden": "true" }, "Worth a look:"),
      ...value.further.map((view) => chip(view.name, view.label, view.count)),
    );
    if (had) nav.querySelector(`[data-view="${CSS.escape(had)}"]`)?.focus();
    write(about, value.view === "chosen" ? "The photos you have chosen, wherever they are." : (further(value)?.sentence ?? ""));
    about.hidden = !about.textContent || !value.total;
  }

  return { nav, about, draw };
}

/** How many photos there are or are chosen, and what can be done with them. */
export function makeToolbar(selection, { decide, choosePage, chooseView, showChosen, undo }) {
  const count = make("span", { class: "ph-count" });
  const away = make("span", { class: "ph-away" });
  const actions = make("div", { class: "ph-actions" });
  const told = make("span", { class: "ph-told", role: "status" }, count, away);
  const bar = make("div", { class: "ph-bar", role: "toolbar", "aria-label": "What to do with the photos" }, told, actions);
  // Its height stays the same, whatever the bar holds: what is below must not jump under a finger.
  const place = make("div", { class: "ph-place" }, bar);
  const button = (text, act, extra = {}) => make("button", { type: "button", onclick: act, ...extra }, text);

  function draw(value) {
    const some = selection.size > 0;
    const elsewhere = selection.away(value.photos.map((photo) => photo.id)).length;
    place.hidden = !some && !value.total && !value.undo;
    bar.classList.toggle("ph-busy", some);
    write(count, some ? `${counted(selection.size, "photo")} chosen` : counted(value.total, "photo"));
    write(away, elsewhere ? `${elsewhere === selection.size ? "none" : `${elsewhere.toLocaleString("en")} of them not`} shown here` : "");
    const key = JSON.stringify([some, elsewhere > 0, value.view, value.undo, value.total, value.classes, wholePage(value), wholeView(value)]);
    if (actions.dataset.key === key) return; // keeps an open menu open
    actions.dataset.key = key;
    actions.replaceChildren(...(some ? forChosen(value, elsewhere) : []), ...toChoose(value, some, elsewhere), ...toUndo(value));
  }

  function forChosen(value, elsewhere) {
    if (inBin(value)) return [button("Put back", () => decide("restore"), { class: "ph-strong" })];
    const classes = value.classes.filter((label) => elsewhere || label.id !== value.view);
    return [
      further(value)
        ? button("Right as it is", () => decide("confirm"), { class: "ph-strong", title: "Leave them where they are, and don't ask again (R)" })
        : "",
      classes.length ? moveMenu(value.classes, classes, (label) => decide("move", selection.ids(), label.id)) : "",
      button("Remove", () => decide("bin"), { title: "Put them in the bin (Delete)" }),
    ];
  }

  const wholePage = ({ photos }) => photos.length > 0 && photos.every((photo) => selection.has(photo.id));
  const wholeView = ({ total }) => selection.size >= total;

  function toChoose(value, some, elsewhere) {
    const more = [];
    if (value.total && !wholePage(value)) {
      const text = value.pages > 1 ? "Choose all on this page" : "Choose all";
      more.push(button(text, choosePage, { class: "ph-quiet", title: "Ctrl+A" }));
    } else if (value.pages > 1 && !wholeView(value) && value.view !== "chosen") {
      more.push(button(`Choose all ${value.total.toLocaleString("en")}`, chooseView, { class: "ph-quiet" }));
    }
    if (elsewhere && !inBin(value)) more.push(button("Show chosen", showChosen, { class: "ph-quiet" }));
    if (some) more.push(button("Choose none", () => selection.clear(), { class: "ph-quiet ph-none", title: "Esc" }));
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

  return { place, draw, openMenu: () => actions.querySelector("details[open]") };
}

/** A menu of the classes to move to. @param all in the order of the number keys. */
export function moveMenu(all, offered, move) {
  const choice = (label) =>
    paint(
      make(
        "button",
        {
          type: "button",
          role: "menuitem",
          class: "ph-chip",
          title: all.indexOf(label) < 9 ? `Key ${all.indexOf(label) + 1}` : null,
          onclick: (event) => {
            event.target.closest("details").open = false;
            move(label);
          },
        },
        make("span", { class: "ph-name" }, label.name),
      ),
      label,
    );
  return make(
    "details",
    { class: "ph-menu" },
    make("summary", { role: "button", class: "ph-strong" }, "Move to"),
    make("div", { class: "ph-choices", role: "menu", "aria-label": "Move to class" }, offered.map(choice)),
  );
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
