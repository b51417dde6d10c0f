// The list of projects: open one, begin one, and keep house among them.

import { arrange, chip, counted, make, picture, thumbnail } from "../../kit/dom.js";
import { makeMenu } from "../../kit/menu.js";
import { makeSend } from "../../kit/once.js";

const CHIPS_SHOWN = 5;
const COVER_PHOTOS = 4;

export function start({ element, trigger, props, watch, constants }) {
  const { templates, drawings } = constants;
  const send = makeSend(trigger);
  const act = (action, about = {}) => send({ action, ...about });
  const cards = new Map(); // the projects', by what they are about

  const begin = makeNewCard();
  const readyMade = templates.map(makeTemplate);
  const own = make("div", { class: "cards" });
  const others = make("div", { class: "cards templates" });
  const title = make("h1", { class: "page-title" }, "Your projects");
  const subtitle = make("h2", { class: "section-title" }, "Or begin with a ready-made one");
  const welcome = make(
    "div",
    { class: "welcome" },
    picture(drawings.welcome),
    make("h1", {}, "Teach your computer to tell things apart"),
    make("p", {}, "Name what you want it to recognise, show it some photos, press one button. Everything stays on this computer."),
  );
  const bin = makeBin();
  const section = make("section", { class: "projects" });
  const undone = make("span");
  const undo = make(
    "div",
    { class: "undo-bar", role: "status", hidden: true },
    undone,
    make("button", { type: "button", class: "quiet-button", onclick: () => act("restore", { project: props.value.undo.id }) }, "Undo"),
  );
  element.replaceChildren(undo, section);

  function draw() {
    const value = props.value;
    if (!value) return;
    undo.hidden = !value.undo;
    undone.textContent = value.undo ? `“${value.undo.name}” is in the bin.` : "";
    const mine = value.projects.map(cardOf);
    for (const [key, card] of cards) if (!mine.includes(card.article)) cards.delete(key);
    const some = mine.length > 0;
    arrange(own, some ? [begin, ...mine] : []);
    arrange(others, some ? readyMade : [begin, ...readyMade]);
    arrange(section, some ? [title, own, subtitle, others, bin.box] : [welcome, others, bin.box]);
    bin.draw(value);
  }

  function makeNewCard() {
    const name = make("input", {
      type: "text",
      maxlength: 255,
      autocomplete: "off",
      placeholder: "Name it, if you like",
      "aria-label": "Name of the new project",
    });
    const sent = (event) => {
      event.preventDefault();
      send({ action: "create", value: name.value }, "create"); // empty when it is sent for the second time
      name.value = "";
    };
    return make(
      "form",
      { class: "card new-card", onsubmit: sent },
      make("span", { class: "new-plus", "aria-hidden": "true" }, "+"),
      make("h3", {}, "Start from scratch"),
      name,
      make("button", { type: "submit", class: "main-button" }, "Create project"),
    );
  }

  function makeTemplate({ key, name, description, classes }) {
    return make(
      "button",
      { type: "button", class: "card template", onclick: () => act("template", { template: key }) },
      make("span", { class: "template-picture", "aria-hidden": "true" }, picture(drawings[key])),
      make("h3", {}, name),
      make("p", {}, description),
      make("span", { class: "chips" }, chips(classes)),
    );
  }

  // --- projects --------------------------------------------------------------------------------

  /** The card of a project, as it is now; whoever types in it or has its menu open is left alone. */
  function cardOf(info) {
    const key = `${info.id} ${Boolean(info.problem)}`;
    const card = cards.get(key) ?? makeCard(info);
    cards.set(key, card);
    card.draw(info);
    return card.article;
  }

  function makeCard({ id, problem }) {
    const about = { project: id };
    const name = make("input", { type: "text", maxlength: 255, autocomplete: "off" });
    const renamed = (event) => {
      event.preventDefault();
      act("rename", { ...about, value: name.value });
    };
    const usable = [
      make("form", { onsubmit: renamed }, name, make("button", { type: "submit" }, "Rename")),
      make("button", { type: "button", onclick: () => act("duplicate", about) }, "Duplicate"),
      make("a", { href: `/export/${id}`, download: true }, "Export as one file"),
    ];
    const remove = make("button", { type: "button", class: "danger", onclick: () => act("delete", about) }, "Delete");
    const { menu, button } = makeMenu({}, "⋯", ...(problem ? [] : usable), remove);
    const article = make("article", { class: "card project" }, menu);
    let drawn = "";

    function draw(info) {
      const now = JSON.stringify(info);
      if (now === drawn) return;
      drawn = now;
      article.setAttribute("aria-label", info.name);
      button.setAttribute("aria-label", `More about ${info.name}`);
      name.setAttribute("aria-label", `New name for ${info.name}`);
      if (document.activeElement !== name) name.value = info.name;
      arrange(article, [...(info.problem ? damaged(info) : inside(info)), menu]);
    }

    function inside(info) {
      const opened = make(
        "button",
        { type: "button", class: "card-open", "aria-label": `Open ${info.name}`, onclick: () => act("open", about) },
        cover(info),
        make("h3", {}, info.name),
      );
      const trained = info.trained ? make("span", { class: "trained" }, "Trained") : make("span", {}, "Not trained yet");
      const facts = make("p", { class: "card-facts" }, make("span", {}, info.photos ? counted(info.photos, "photo") : "No photos yet"), trained);
      return [opened, make("div", { class: "chips" }, chips(info.classes)), facts];
    }
    return { article, draw };
  }

  function cover({ id, cover: photos }) {
    if (!photos.length) return make("span", { class: "cover empty" }, picture(drawings["no-photos"]));
    const seen = photos.slice(0, COVER_PHOTOS);
    const pictures = seen.map((sha256) => make("img", { src: thumbnail(id, sha256), alt: "", loading: "lazy" }));
    return make("span", { class: `cover cover-${seen.length}` }, pictures);
  }

  // --- the bin ---------------------------------------------------------------------------------

  function makeBin() {
    const toggle = make("button", { type: "button", class: "quiet-button", onclick: () => act("bin") });
    const all = make("button", { type: "button", class: "danger", onclick: () => act("empty-bin") });
    const { menu } = makeMenu({ class: "quiet-button" }, "Empty the bin", all);
    menu.classList.add("empty-bin");
    const rows = make("ul");
    const box = make("div", { class: "bin" }, make("div", { class: "bin-head" }, toggle, menu), rows);
    return {
      box,
      draw({ binned, bin_open: open }) {
        box.hidden = !binned.length;
        box.classList.toggle("open", open);
        menu.hidden = rows.hidden = !open;
        toggle.textContent = `Bin (${binned.length})`;
        toggle.setAttribute("aria-expanded", open);
        all.textContent = `Delete ${binned.length === 1 ? "this project" : `these ${binned.length} projects`} for good`;
        rows.replaceChildren(...binned.map(makeBinned));
      },
    };
  }

  function makeBinned({ id, name, problem, photos }) {
    return make(
      "li",
      {},
      make("span", { class: "bin-name" }, name),
      make("span", { class: "quiet" }, problem || counted(photos, "photo")),
      make("button", { type: "button", class: "quiet-button", "aria-label": `Restore ${name}`, onclick: () => act("restore", { project: id }) }, "Restore"),
    );
  }

  watch("value", draw);
  draw();
}

function damaged({ name, problem }) {
  return [make("h3", {}, name), make("p", { class: "problem" }, problem)];
}

function chips(classes) {
  const more = classes.length - CHIPS_SHOWN;
  return [...classes.slice(0, CHIPS_SHOWN).map((label) => chip(label)), more > 0 ? make("span", { class: "chip more" }, `+${more}`) : null];
}
