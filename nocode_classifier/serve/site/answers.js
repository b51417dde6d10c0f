// What the page says about a photo, and how it is drawn.

const SHOWN = 6; // bars before the rest is folded away
const UNLIKE = "unlike anything it has seen"; // why an answer is not sure; else it is too close to call

export const about = JSON.parse(document.getElementById("about").textContent);

export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

export function paint(node, name) {
  const known = about.classes.find((one) => one.name === name);
  node.style.setProperty("--class-fill", known?.fill ?? "var(--pine)");
  node.style.setProperty("--class-ink", known?.ink ?? "white");
  return node;
}

export function listed(words, last) {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}

/** Never a flat 0 or 100: no model knows that much. */
function inPercent(share) {
  const rounded = Math.round(100 * share);
  return rounded >= 100 ? "over 99%" : rounded <= 0 ? "under 1%" : `${rounded}%`;
}

function sentence(said) {
  const [first, second] = said.predictions;
  if (said.sure) {
    const share = inPercent(first.probability);
    return `${share[0].toUpperCase()}${share.slice(1)} sure that this is “${said.guess}”.`;
  }
  if (said.why === UNLIKE) return `None of these, probably: it looks ${said.why}. If it had to choose: “${said.guess}”.`;
  return second ? `Too close to call between “${first.label}” and “${second.label}”.` : "Too close to call.";
}

function bar({ label, probability }) {
  const filled = make("i");
  filled.style.width = `${100 * probability}%`;
  return paint(
    make(
      "li",
      {},
      make("span", { class: "name", title: label }, label),
      make("span", { class: "bar", "aria-hidden": "true" }, filled),
      make("span", { class: "percent" }, inPercent(probability)),
    ),
    label,
  );
}

/** The elements of an answer; unfolded: whether the bars of what is less likely are shown. */
export function drawnAnswer(said, { unfolded }) {
  const verdict = make("div", { class: said.sure ? "verdict" : "verdict unsure" }, said.sure ? said.guess : "Not sure");
  if (said.sure) paint(verdict, said.guess);
  const bars = said.predictions.map(bar);
  const parts = [verdict, make("p", { class: "words" }, sentence(said))];
  if (said.hint && said.sure) parts.push(make("p", { class: "hint" }, said.hint));
  parts.push(make("ul", { class: "bars", "aria-label": "How likely each one is" }, ...bars.slice(0, SHOWN)));
  if (bars.length > SHOWN) {
    const summary = make("summary", {}, `${bars.length - SHOWN} less likely ones`);
    const rest = make("details", { class: "rest" }, summary, make("ul", { class: "bars" }, ...bars.slice(SHOWN)));
    rest.open = unfolded;
    parts.push(rest);
  }
  return parts;
}
