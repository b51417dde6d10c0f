// How an answer is drawn: once for a photo, many times a second for the camera.
import { make, paint } from "./dom.js";
import { inPercent } from "./words.js";

const FEW = 6; // bars shown at once
const WORTH_A_BAR = 0.005; // likelier than this, or one of the first two

/** What stands where the answer will be; card: what is in card.json; colours: {fill, text} by class. */
export function drawnInvitation(card, colours) {
  const tried = "Try yours, and something that is none of these.";
  const right = ({ photos, correct }) => `Of ${photos.toLocaleString("en")} photos it had not seen before, it got ${correct.toLocaleString("en")} right.`;
  const measured = card.weakest ? card.sentence : card.accuracy && right(card.accuracy);
  const chips = card.classes.slice(0, 12).map(({ name }, index) => paint(make("li", { class: "chip" }, name), colours[index]));
  const more = card.classes.length > 12 && make("li", { class: "chip more" }, `and ${card.classes.length - 12} more`);
  return make(
    "div",
    { class: "waiting" },
    make("h2", {}, "What will it say?"),
    make("p", {}, measured ? `${measured} ${tried}` : tried),
    make("ul", { class: "chips" }, chips, more),
  );
}

/** The elements of an answer, as from `judge`. */
export function drawnAnswer(answer, colours) {
  const hint = answer.hint ? [make("p", { class: "hint" }, answer.hint)] : [];
  return [paintVerdict(make("p"), answer, colours), make("p", { class: "words" }, answer.words), ...hint, ...bars(answer.bars, colours)];
}

/** Elements that show one answer after the other: what is there is changed, not made anew. */
export function makeLiveAnswer(colours) {
  const verdict = make("p");
  const words = make("p", { class: "words" });
  const list = makeBars();
  const lines = new Map(); // of the classes, by their numbers

  function show(answer) {
    paintVerdict(verdict, answer, colours);
    words.textContent = answer.words;
    const wanted = steady(answer.bars).map((each) => {
      const line = lines.get(each.index) || bar(each, colours);
      lines.set(each.index, line);
      return fill(line, each.probability);
    });
    if (wanted.some((line, position) => list.children[position] !== line) || list.children.length !== wanted.length) list.replaceChildren(...wanted);
  }
  return { nodes: [verdict, words, list], show };
}

/** Bars stay in the order of the classes where these are few, so that they don't jump about. */
function steady(all) {
  return all.length <= FEW ? [...all].sort((a, b) => a.index - b.index) : all.slice(0, FEW);
}

function paintVerdict(element, { sure, headline, index }, colours) {
  element.className = sure ? "verdict" : "verdict unsure";
  element.textContent = headline;
  return paint(element, sure ? colours[index] : null);
}

function makeBars(...lines) {
  return make("ul", { class: "bars", "aria-label": "How likely each class is" }, lines);
}

function bars(all, colours) {
  const drawn = (some) => some.map((each) => bar(each, colours));
  const count = all.filter(({ probability }, place) => place < 2 || (place < FEW && probability >= WORTH_A_BAR)).length;
  const list = makeBars(drawn(all.slice(0, count)));
  if (all.length === count) return [list];
  const showAll = () => {
    list.append(...drawn(all.slice(count)));
    more.remove();
  };
  const more = make("button", { type: "button", class: "link more", onclick: showAll }, `Show all ${all.length}`);
  return [list, more];
}

function bar({ index, name, probability }, colours) {
  const line = make(
    "li",
    {},
    make("span", { class: "name" }, name),
    make("span", { class: "track", "aria-hidden": "true" }, make("span")),
    make("span", { class: "percent" }),
  );
  return paint(fill(line, probability), colours[index]);
}

function fill(line, probability) {
  const [, track, percent] = line.children;
  track.firstChild.style.transform = `scaleX(${probability})`;
  percent.textContent = inPercent(probability);
  return line;
}
