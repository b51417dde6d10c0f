// The head of the Train page: an invitation, how far a training is, or how good it became.

import { arrange, chip, make, picture, write } from "../../kit/dom.js";
import { makeHeadline } from "../../kit/headline.js";
import { makeSend } from "../../kit/once.js";

export function start({ element, trigger, props, watch, constants }) {
  const send = makeSend(trigger);
  const section = make("section", { class: "training" });
  const running = makeRunning(() => send({ action: "stop" }), constants.drawing);
  const states = { inviting, running: running.draw, trained };
  let drawn = "";

  function draw() {
    const now = JSON.stringify(props.value);
    if (now === drawn) return;
    drawn = now;
    arrange(section, props.value ? states[props.value.state](props.value) : []);
    arrange(element, props.value ? [section] : []);
  }

  function inviting({ title, lead, classes, buttons }) {
    return [
      make(
        "div",
        { class: "welcome inviting" },
        picture(constants.drawing),
        make("h1", { class: "page-title" }, title),
        make("p", { class: "page-lead" }, lead),
        make("div", { class: "chips centred" }, ...classes.map(chip)),
        ...buttons.map(makeButton),
      ),
    ];
  }

  function trained({ changed, headline, comparison, networks, cost, notes, lacking, buttons }) {
    const costs = make("p", { class: "quiet whole costs" }, [networks, cost].filter(Boolean).join(" "));
    const remarks = notes.map((note) => make("p", { class: "remark whole" }, note));
    return [
      ...(changed ? [make("p", { class: "changed", role: "status" }, changed)] : []),
      makeHeadline(headline, comparison && makeComparison(comparison), costs, ...remarks),
      make("div", { class: "step-foot" }, lacking ? make("p", { class: "missing" }, lacking) : null, ...buttons.map(makeButton)),
    ];
  }

  function makeButton({ action, label, main }) {
    return make("button", { type: "button", class: main ? "main-button" : "side-button", onclick: () => send({ action }) }, label);
  }

  watch("value", draw);
  draw();
}

/** How far it is; its nodes stay, so that Stop keeps the focus and the bar moves. */
function makeRunning(stop, drawing) {
  const title = make("h1", { class: "page-title" });
  const lead = make("p", { class: "page-lead", role: "status" });
  const bar = make("progress", { max: "1" });
  const button = make("button", { type: "button", class: "side-button", onclick: stop }, "Stop");
  const leave = make("p", { class: "quiet" }, "You can leave this page; it goes on.");
  const welcome = make("div", { class: "welcome training-now" }, picture(drawing), title, lead, bar, button, leave);
  return {
    draw(value) {
      write(title, `${value.title}…`);
      write(lead, value.lead || "\u00a0");
      bar.ariaLabel = value.title;
      bar.value = value.fraction;
      button.hidden = value.stopping;
      leave.hidden = value.stopping;
      welcome.classList.toggle("with-curves", Boolean(value.curves));
      return value.curves ? [welcome, picture(value.curves)] : [welcome];
    },
  };
}

function makeComparison({ rows, sentence }) {
  const lines = rows.map(({ name, won, share, right, counts }) =>
    make(
      "li",
      { class: won ? "won" : "" },
      make("span", { class: "who" }, name, won ? make("span", { class: "unseen" }, ", in use") : null),
      make("span", { class: "bar", "aria-hidden": "true" }, make("span", { style: `width:${(100 * share).toFixed(1)}%` })),
      make("span", { class: "counts" }, right, make("small", { class: "unseen" }, `, ${counts}`)),
    ),
  );
  return make("div", { class: "comparison whole" }, make("ul", {}, ...lines), make("p", {}, sentence));
}
