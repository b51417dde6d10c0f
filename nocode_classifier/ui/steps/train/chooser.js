// How to train: one choice that everybody sees, and more for those who ask. Events: 'train',
// 'measure', 'propose', 'stop'. What is chosen is kept at once; what can't be is answered with a sentence.

import { make, write } from "../../kit/dom.js";
import { makeKeeping } from "../../kit/keeping.js";
import { makeNetworks } from "./networks.js";
import { makeVariations } from "./variations.js";

export function start({ element, trigger, props, server, watch }) {
  let value = null;
  let choice = null; // as it stands in the form
  let given = null; // as the page last gave it
  let shownFor = null; // the project whose form is shown
  const keeping = makeKeeping(server.keep);

  const ways = make("div", { class: "tc-ways", role: "radiogroup", "aria-label": "How hard to try" });
  const title = make("h2", { class: "tc-title" }, "Train again");
  const go = make("button", { type: "button", onclick: train });
  const problem = make("p", { class: "sp-note tc-problem", role: "alert", hidden: true });
  const busy = make("p", { class: "sp-quiet", role: "status", hidden: true });
  const told = make("span", { class: "sp-quiet tc-told" });
  const networks = makeNetworks({
    choose: (key) => change({ backbone: key, size: "" }),
    measure: (key) => trigger("measure", { key }),
    stop: () => trigger("stop", {}),
  });
  const variations = makeVariations({
    change: (augmentation) => change({ augmentation }),
    propose: () => trigger("propose", {}),
    stop: () => trigger("stop", {}),
  });

  const field = (key, name, about, more = {}) => {
    const input = make("input", {
      type: "text",
      inputmode: "decimal",
      autocomplete: "off",
      maxlength: 20,
      "aria-describedby": `tc-about-${key}`,
      onchange: () => change({ [key]: input.value.trim() }),
      ...more,
    });
    return { key, input, row: make("label", { class: "tc-field" }, make("span", {}, name), input, make("small", { id: `tc-about-${key}` }, about)) };
  };
  const size = field("size", "Picture size", "Side of the square it looks at, in pixels. Larger sees finer details and takes longer.");
  const epochs = field("epochs", "Rounds", "How often it goes through all photos (epochs).");
  const rate = field(
    "rate",
    "Learning rate",
    "Its pace: how big a step it takes each time it learns. Too big, and it stumbles; too small, and it hardly moves.",
  );
  const whole = make("input", { type: "checkbox", role: "switch", onchange: () => change({ whole: whole.checked }) });
  const wholeRow = make(
    "label",
    { class: "tc-switch" },
    whole,
    make("span", {}, "Let the whole network learn", make("small", {}, "As the fast.ai course does it. Without a graphics card it takes many times longer.")),
  );
  const finer = make(
    "fieldset",
    { class: "tc-part" },
    make("legend", {}, "In detail"),
    make("div", { class: "tc-fields" }, size.row, epochs.row, rate.row),
    wholeRow,
  );
  const usual = make(
    "button",
    {
      type: "button",
      class: "sp-plain",
      onclick: () => change({ backbone: value.networks[0].key, size: "", epochs: "", rate: "", whole: false, augmentation: null }),
    },
    "Back to the usual choices",
  );
  const all = make(
    "div",
    { class: "tc-all", id: "tc-all", hidden: true },
    make(
      "fieldset",
      { class: "tc-part" },
      make("legend", {}, "Network to start from"),
      make(
        "p",
        { class: "sp-quiet" },
        "Each has learnt from a million photos or more before yours; the first suits nearly everyone. The share says how many of ImageNet's everyday photos it names right.",
      ),
      networks.list,
    ),
    variations.box,
    finer,
    make("div", { class: "sp-go" }, usual),
  );
  const more = make(
    "button",
    { type: "button", class: "tc-open", "aria-expanded": "false", "aria-controls": "tc-all", onclick: () => unfold(all.hidden) },
    make("span", { class: "tc-turn", "aria-hidden": "true" }),
    make("span", {}, "More choices"),
    told,
  );
  const panel = make(
    "section",
    { class: "tc", "aria-label": "How to train", hidden: true },
    title,
    ways,
    problem,
    make("div", { class: "tc-go" }, go, busy, more),
    all,
  );
  element.replaceChildren(panel);

  function unfold(open) {
    all.hidden = !open;
    more.setAttribute("aria-expanded", String(open));
    variations.look();
  }

  async function change(part) {
    choice = { ...choice, ...part };
    drawChoice();
    const mine = choice;
    const project = value.project_id;
    let answer;
    try {
      answer = await keeping.keep({ project_id: project, choice });
    } catch {
      return; // it is sent once more by the button
    }
    // Meanwhile a training may have begun, which leaves nothing to choose, or another project opened.
    if (mine !== choice || value?.project_id !== project) return;
    problem.hidden = !answer.refused;
    write(problem, answer.refused || "");
    if (answer.refused) return;
    given = JSON.stringify(choice);
    value = { ...value, ways: answer.ways };
    drawChoice();
  }

  async function train() {
    const { project_id } = value;
    const asked = choice;
    go.disabled = true;
    await keeping.done; // else what is kept last might be an earlier choice than that of the training
    if (value?.project_id !== project_id) return;
    go.disabled = Boolean(value.busy);
    trigger("train", { choice: asked });
  }

  function draw() {
    value = props.value;
    panel.hidden = !value;
    if (!value) return;
    const now = JSON.stringify(value.choice);
    const other = value.project_id !== shownFor;
    if (other || (now !== given && keeping.settled)) {
      if (other) unfold(false);
      given = now;
      shownFor = value.project_id;
      choice = value.choice;
      problem.hidden = true;
    }
    panel.classList.toggle("tc-again", value.again);
    title.hidden = !value.again;
    go.textContent = value.again ? "Train again" : "Train now";
    go.className = value.strong ? "sp-main" : "sp-side";
    go.disabled = Boolean(value.busy);
    write(busy, value.busy && !value.measuring && !value.proposing ? value.busy : "");
    busy.hidden = !busy.textContent;
    if ((value.measuring || value.proposing) && all.hidden) unfold(true);
    if (value.problem && value.problem !== problem.dataset.told) {
      problem.dataset.told = value.problem;
      write(problem, value.problem);
      problem.hidden = false;
    }
    drawChoice();
  }

  function drawChoice() {
    drawWays();
    const thorough = choice.mode === "thorough";
    networks.draw(value, choice.backbone);
    const network = value.networks.find(({ key }) => key === choice.backbone);
    size.input.placeholder = network?.size ? String(network.size) : "the app chooses";
    for (const { key, input } of [size, epochs, rate]) {
      if (document.activeElement !== input || !input.value) input.value = choice[key];
      if (key !== "size") input.placeholder = "the app chooses";
    }
    whole.checked = choice.whole;
    for (const part of [variations.box, epochs.row, rate.row, wholeRow]) part.hidden = !thorough;
    variations.draw(value, choice.augmentation);
    const words = [
      choice.backbone === value.networks[0].key ? null : network?.label,
      choice.size ? `${choice.size} pixels` : null,
      thorough && choice.epochs ? `${choice.epochs} ${choice.epochs === "1" ? "round" : "rounds"}` : null,
      thorough && choice.rate ? `learning rate ${choice.rate}` : null,
      thorough && choice.whole ? "whole network" : null,
      thorough && choice.augmentation ? "own variations" : null,
    ].filter(Boolean);
    told.textContent = words.join(" · ");
    usual.hidden = !words.length;
  }

  function drawWays() {
    const now = JSON.stringify([value.ways, choice.mode]);
    if (ways.dataset.drawn === now) return;
    ways.dataset.drawn = now;
    const focused = ways.contains(document.activeElement);
    ways.replaceChildren(
      ...value.ways.map(({ key, label, time, about }) =>
        make(
          "label",
          { class: "tc-way" },
          make("input", { type: "radio", name: "tc-way", value: key, checked: key === choice.mode, onchange: () => change({ mode: key }) }),
          make(
            "span",
            { class: "tc-words" },
            make("span", { class: "tc-head" }, make("b", {}, label), make("span", { class: "tc-time" }, time)),
            make("small", {}, about),
          ),
        ),
      ),
    );
    if (focused) ways.querySelector("input:checked")?.focus({ preventScroll: true });
  }

  watch("value", draw);
  draw();
}
