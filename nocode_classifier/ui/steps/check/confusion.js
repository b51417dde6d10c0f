// The confusion matrix: a row for what photos are, a column for what was answered. A cell leads to its
// photos: by mouse or finger, or with the arrow keys and Enter.

import { arrange, counted, make, write } from "../../kit/dom.js";
import { makeSend } from "../../kit/once.js";
import { showPhotos } from "./photos_place.js";
import { shadeStyle } from "./shades.js";

const FEW = 12; // classes; with more of them a cell shows its count alone
const LEVEL = 5; // with more of them the names of the columns are turned

export function start({ element, trigger, props, watch }) {
  const send = makeSend(trigger);
  const pairs = make("ul", { class: "cf-pairs", "aria-label": "Confused most often" });
  const none = make("p", { class: "cf-none" }, "It confused none of your classes.");
  const table = make("table", { class: "cf-table", role: "grid", "aria-labelledby": "cf-title", onkeydown: move, onclick: press });
  const scrolls = make("div", { class: "cf-scrolls" }, table);
  const axes = make("p", { class: "cf-axes", "aria-hidden": "true" }, make("span", {}, "↓ what it is"), make("span", {}, "→ what it answered"));
  const told = make("p", { class: "unseen", role: "status" });
  const lead = make("p", { class: "cf-lead" }, "Press a cell to see its photos below.");
  const section = make("section", {}, make("h2", { id: "cf-title" }, "What it confuses"), pairs, none, lead, axes, scrolls, told);
  let value = null;
  let cells = [];
  let at = [0, 0]; // the cell that the keyboard is on
  let drawn = "";

  function draw() {
    ({ value } = props);
    arrange(element, value ? [section] : []);
    const now = JSON.stringify(value);
    if (!value || now === drawn) return;
    drawn = now;
    arrange(pairs, value.pairs.map(makePair));
    pairs.hidden = !value.pairs.length;
    none.hidden = !pairs.hidden;
    drawTable();
  }

  function makePair({ true: own, answered, count, photos, view }) {
    const words = [make("b", {}, own), " taken for ", make("b", {}, answered), `: ${count.toLocaleString("en")} of ${counted(photos, "photo")}`];
    const button = make("button", { type: "button", disabled: !view, onclick: () => look(view, `${own} taken for ${answered}`) }, make("span", {}, ...words));
    return make("li", {}, button);
  }

  function drawTable() {
    const { names, counts } = value;
    const focused = table.contains(document.activeElement);
    const many = names.length > FEW;
    at = at.map((place) => Math.min(place, names.length - 1));
    table.classList.toggle("cf-many", many);
    table.classList.toggle("cf-turned", names.length > LEVEL);
    cells = counts.map((row, own) => row.map((_, answered) => makeCell(own, answered, many)));
    const heads = names.map((name) => make("th", { scope: "col", title: name }, make("span", {}, name)));
    const corner = make("th", { class: "cf-corner", scope: "col" }, make("span", { class: "unseen" }, "What it is"));
    const rows = names.map((name, own) => make("tr", {}, make("th", { scope: "row", title: name }, make("span", {}, name)), ...cells[own]));
    table.replaceChildren(make("thead", {}, make("tr", {}, corner, ...heads)), make("tbody", {}, ...rows));
    place(at, { focus: focused });
  }

  function makeCell(own, answered, many) {
    const { names, counts } = value;
    const count = counts[own][answered];
    const photos = counts[own].reduce((sum, each) => sum + each, 0);
    const share = count / Math.max(1, photos);
    const right = own === answered;
    const percent = `${Math.round(100 * share)}%`;
    return make(
      "td",
      {
        role: "gridcell",
        tabindex: "-1",
        class: count ? (right ? "cf-right" : "cf-wrong") : right ? "cf-right cf-zero" : "cf-zero",
        style: shadeStyle(share, right),
        "data-own": own,
        "data-answered": answered,
        "aria-label": `${names[own]} ${right ? "recognised" : `taken for ${names[answered]}`}: ${counted(count, "photo")}, ${percent}`,
        title: `${names[own]} → ${names[answered]}: ${counted(count, "photo")}, ${percent}`,
      },
      make("span", { class: "cf-count" }, count ? count.toLocaleString("en") : "·"),
      count && !many ? make("span", { class: "cf-share" }, percent) : null,
    );
  }

  /** Let the keyboard be on a cell. */
  function place([own, answered], { focus }) {
    cells[at[0]]?.[at[1]]?.setAttribute("tabindex", "-1");
    at = [own, answered];
    const cell = cells[own][answered];
    cell.setAttribute("tabindex", "0");
    if (focus) cell.focus();
  }

  function move(event) {
    const last = value.names.length - 1;
    const inside = (to) => Math.min(Math.max(to, 0), last);
    const [own, answered] = at;
    const next = {
      ArrowRight: [own, answered + 1],
      ArrowLeft: [own, answered - 1],
      ArrowDown: [own + 1, answered],
      ArrowUp: [own - 1, answered],
      Home: [own, 0],
      End: [own, last],
      PageUp: [0, answered],
      PageDown: [last, answered],
    }[event.key];
    if (next) place(next.map(inside), { focus: true });
    else if (event.key === "Enter" || event.key === " ") choose(cells[own][answered]);
    else return;
    event.preventDefault();
  }

  function press(event) {
    const cell = event.target.closest("td");
    if (!cell) return;
    place([Number(cell.dataset.own), Number(cell.dataset.answered)], { focus: true });
    choose(cell);
  }

  function choose(cell) {
    const [own, answered] = [cell.dataset.own, cell.dataset.answered];
    const [one, other] = [value.ids[own], value.ids[answered]];
    if (!value.counts[own][answered] || one === null || other === null) return;
    look(`cell:${one}:${other}`, cell.ariaLabel);
  }

  function look(view, words) {
    send({ action: "look", view });
    write(told, `${words}. The photos are below.`);
    showPhotos();
  }

  watch("value", draw);
  draw();
}
