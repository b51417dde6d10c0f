// "About this classifier": how good it is, what it knows, its limits, whose work is in it.
import { make, paint } from "./dom.js";

const WEIGHTS = {
  full: "Its answers are exactly those of the app it was made with.",
  half: "To load quickly it has weights of half precision; its answers differ from the app's by about one percent at most.",
  light: "To load quickly it has 8-bit weights; its answers differ from the app's by a few percent at most.",
};

export function fillAbout(dialog, page, card) {
  const close = make("button", { type: "button", class: "round", "aria-label": "Close", onclick: () => dialog.close() }, "✕");
  dialog.replaceChildren(
    make("div", { class: "about-head" }, make("h2", { id: "about-title" }, page.title), close),
    make(
      "div",
      { class: "about-body" },
      accuracy(card),
      part(
        "What it knows",
        classes(page, card),
        make("p", {}, "Anything else it should call “Not sure”, but nobody taught it what else there is: a photo of something new may get a wrong answer."),
      ),
      part(
        "Limits",
        make(
          "p",
          {},
          "Its figures hold for photos like those it learned from; with another light, background or camera it may do worse. It says what a whole photo shows, not where, how many, or what is written. Don’t let it decide where a mistake hurts someone: which mushroom to eat, what a spot on the skin is, who a person is.",
        ),
      ),
      part(
        "Private",
        make("p", {}, "The classifier came to your device and runs there. Your photos and your camera’s picture are not sent anywhere and not kept."),
      ),
      part(
        "Always with you",
        make(
          "p",
          {},
          "After the first visit it works without a connection. To have it like an app: in Safari tap Share, then “Add to Home Screen”; in Chrome open the menu, then “Add to home screen” or “Install”.",
        ),
      ),
      part("How it is made", credits(page, card)),
    ),
  );
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}

function part(title, ...content) {
  return make("section", {}, make("h3", {}, title), content);
}

function accuracy(card) {
  const all = card.accuracy;
  if (!all) return part("How good it is", make("p", {}, card.reason || "It has not been measured."));
  // Where classes are uneven, the figure over all hides how the small ones fare.
  const found = card.weakest ? card.by_class[card.weakest] : all;
  const range = make(
    "div",
    { class: "range", role: "img", "aria-label": `95% interval from ${percent(found.low)} to ${percent(found.high)}` },
    make("span"),
    make("i"),
  );
  range.firstChild.style.left = `${100 * found.low}%`;
  range.firstChild.style.width = `${100 * (found.high - found.low)}%`;
  range.lastChild.style.left = `${100 * found.value}%`;
  return part(
    "How good it is",
    make("p", { class: "figure" }, make("strong", {}, percent(found.value)), card.weakest ? ` right on “${card.weakest}”, its weakest class` : " right"),
    range,
    make(
      "p",
      {},
      `${count(found)}, each asked about when it had not learned from it${card.weakest ? `; ${count(all)} of all classes` : ""}. So with photos like those it is right between ${percent(all.low)} and ${percent(all.high)} of the time (95% interval).`,
    ),
    card.reason ? make("p", {}, card.reason) : null,
    mixUp(card.confusion),
  );
}

const count = (found) => `${found.correct.toLocaleString("en")} of ${found.photos.toLocaleString("en")} photos`;

const percent = (share) => `${(100 * share).toFixed(share > 0.99 && share < 1 ? 1 : 0)}%`;

function mixUp(confusion = {}) {
  const wrong = Object.entries(confusion).flatMap(([is, answers]) =>
    Object.entries(answers)
      .filter(([said]) => said !== is)
      .map(([said, count]) => ({ is, said, count })),
  );
  const [worst] = wrong.sort((a, b) => b.count - a.count);
  if (!worst?.count) return null;
  const times = worst.count === 1 ? "once" : `${worst.count} times`;
  return make("p", {}, `Its most frequent mistake: it took “${worst.is}” for “${worst.said}” (${times}).`);
}

function classes(page, card) {
  return make(
    "ul",
    { class: "known" },
    card.classes.map(({ name, photos }, index) =>
      paint(
        make(
          "li",
          {},
          make("span", { class: "chip" }, name),
          photos ? make("span", { class: "count" }, photos === 1 ? "1 photo" : `${photos.toLocaleString("en")} photos`) : null,
        ),
        page.colours[index],
      ),
    ),
  );
}

function credits(page, card) {
  const size = (page.model.bytes + page.runtime.bytes) / 1e6;
  const networks = (card.backbone || "of its maker").split("+").map((name) => name.split("@")[0]); // several stand with their sizes
  const made = card.made_at ? ` on ${card.made_at.slice(0, 10)}` : "";
  return [
    make("p", {}, `Made${made} with ${page.made_with}, without a line of code. ${WEIGHTS[page.weights] || ""} ${size.toFixed(1)} MB were loaded once.`),
    make(
      "p",
      {},
      `It stands on the work of others: the pretrained ${networks.length > 1 ? "networks" : "network"} ${networks.join(" and ")} (${card.licence}), `,
      make("a", { href: "licences/onnxruntime-mit.txt" }, "ONNX Runtime"),
      " (MIT) and the font ",
      make("a", { href: "licences/quicksand-ofl-1.1.txt" }, "Quicksand"),
      " (OFL). ",
      make("a", { href: "licences/apache-2.0.txt" }, "Apache-2.0 licence"),
      ".",
    ),
  ];
}
