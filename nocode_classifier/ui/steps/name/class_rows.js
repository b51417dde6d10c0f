// The names of the classes and their hints, each in a field that is kept when it is left.

import { arrange, counted, make } from "../../kit/dom.js";
import { makeSend } from "../../kit/once.js";

export function start({ element, trigger, props, watch, constants }) {
  const { longest, most } = constants; // characters of a hint, hints of a class
  const send = makeSend(trigger);
  const act = (action, about = {}) => send({ action, ...about });
  const rows = new Map(); // by class id

  const undone = make("span");
  const undo = make(
    "div",
    { class: "undo-bar", role: "status", hidden: true },
    undone,
    make("button", { type: "button", class: "quiet-button", onclick: () => act("undo") }, "Undo"),
  );
  const list = make("ul", { class: "class-rows" });
  const problem = make("p", { class: "problem", role: "alert", hidden: true });
  const added = make("input", { type: "text", autocomplete: "off", "aria-label": "Name of a new class" });
  const adding = make("form", { class: "add-class", onsubmit: add }, added, make("button", { type: "submit", class: "side-button" }, "Add"));
  const project = makeField({ maxlength: 255 }, (value) => act("rename-project", { value }));
  const missing = make("p", { id: "name-missing", class: "missing" });
  const next = make("button", { type: "button", class: "main-button", onclick: goOn }, "Next: add photos");
  const section = make(
    "section",
    { class: "naming", hidden: true },
    make("h1", { class: "page-title" }, "What should it tell apart?"),
    make("p", { class: "page-lead" }, "Give each kind of thing a name. You can add more later."),
    ...[undo, list, problem, adding],
    make("label", { class: "project-field" }, make("span", {}, "Name of the project"), project.input),
    make("div", { class: "step-foot" }, missing, next),
  );
  element.replaceChildren(section);

  function draw() {
    const value = props.value;
    section.hidden = !value;
    if (!value) return;
    undo.hidden = !value.removed;
    undone.textContent = `${value.removed}.`;
    for (const id of rows.keys()) if (!value.classes.some((label) => label.id === id)) rows.delete(id);
    arrange(list, value.classes.map(rowOf));
    problem.hidden = !value.problem;
    problem.textContent = value.problem;
    added.placeholder = value.classes.length ? "Add another…" : "For example: cats";
    project.show(value.project);
    missing.textContent = value.missing;
    if (value.missing) {
      next.setAttribute("aria-disabled", "true");
      next.setAttribute("aria-describedby", "name-missing");
    } else for (const name of ["aria-disabled", "aria-describedby"]) next.removeAttribute(name);
  }

  function add(event) {
    event.preventDefault();
    if (added.value.trim()) act("add", { value: added.value }); // else pressed twice
    added.value = "";
    added.focus();
  }

  function goOn() {
    // What was typed but not added would be lost by going on: it is added instead.
    if (added.value.trim()) adding.requestSubmit();
    else if (!next.hasAttribute("aria-disabled")) act("next");
  }

  // --- classes ---------------------------------------------------------------------------------

  function rowOf(label) {
    if (!rows.has(label.id)) rows.set(label.id, makeRow(label.id));
    const row = rows.get(label.id);
    row.show(label);
    return row.item;
  }

  function makeRow(id) {
    const about = { class: id };
    const name = makeField({ class: "class-name", maxlength: 255 }, (value) => act("rename", { ...about, value }));
    const more = makeField({ class: "class-hint new", maxlength: longest, title: "A remark that is shown with this answer" }, (value) => {
      more.input.value = "";
      act("add-hint", { ...about, value });
    });
    const hints = []; // as many as there were at most
    const offer = make("li", {}, more.input);
    const lines = make("ul", { class: "class-hints" });
    const count = make("span", { class: "quiet row-count" });
    const remove = make("button", { type: "button", class: "quiet-button remove", title: "Remove", onclick: () => act("remove", about) }, "✕");
    const swatch = make("span", { class: "swatch", "aria-hidden": "true" });
    const item = make("li", {}, swatch, make("div", { class: "class-fields" }, name.input, lines), count, remove);

    function makeHint(place) {
      const hint = { ...about, hint: place };
      const field = makeField({ class: "class-hint", maxlength: longest }, (value) => act("hint", { ...hint, value }));
      const drop = make("button", { type: "button", class: "quiet-button", title: "Remove", onclick: () => act("drop-hint", hint) }, "✕");
      return { field, drop, line: make("li", {}, field.input, drop) };
    }

    function show(label) {
      item.className = `class-row ${label.style}`;
      name.show(label.name, `Name of the class ${label.name}`);
      label.hints.forEach((text, place) => {
        hints[place] ??= makeHint(place);
        hints[place].field.show(text, `Hint ${place + 1} for ${label.name}`);
        hints[place].drop.setAttribute("aria-label", `Remove hint ${place + 1} of ${label.name}`);
      });
      more.show("", `Add a hint for ${label.name}`);
      more.input.placeholder = label.hints.length ? "+ Add another hint" : "+ Add a hint to show with this answer";
      const room = label.hints.length < most;
      arrange(lines, [...hints.slice(0, label.hints.length).map(({ line }) => line), ...(room ? [offer] : [])]);
      count.textContent = label.photos ? counted(label.photos, "photo") : "";
      remove.setAttribute("aria-label", `Remove the class ${label.name}`);
    }
    return { item, show };
  }

  watch("value", draw);
  draw();
}

/** A field that is kept when it is left or on Enter, and put back on Escape. */
function makeField(attributes, keep) {
  let given = "";
  const keys = ({ key }) => {
    if (key === "Escape") input.value = given;
    if (key === "Escape" || key === "Enter") input.blur();
  };
  const input = make("input", { type: "text", autocomplete: "off", ...attributes, onkeydown: keys, onchange: () => keep(input.value) });
  return {
    input,
    /** What Python knows; it does not take away what is being typed. */
    show(value, label) {
      const typing = document.activeElement === input && input.value !== given;
      given = value;
      if (!typing && input.value !== value) input.value = value;
      if (label) input.setAttribute("aria-label", label);
    },
  };
}
