// How to train: one button that everybody sees, and choices for those who ask. Events: 'train',
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
  let starting = false; // from the press until the training is asked for
  const keeping = makeKeeping(server.keep);

  const title = make("h2", { class: "tc-title" }, "Train again");
  const go = make("button", { type: "button", onclick: train });
  const time = make("span", { class: "sp-quiet tc-time" });
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
  const toggle = (words, about, onchange) => {
    const input = make("input", { type: "checkbox", role: "switch", onchange: () => onchange(input.checked) });
    const small = make("small", {}, about);
    return { input, small, row: make("label", { class: "tc-switch" }, input, make("span", {}, words, small)) };
  };
  const alone = toggle(
    "Only this network",
    "It answers more quickly, and exports are smaller. Otherwise a second network looks, too, where that helps.",
    (on) => change({ combine: !on }),
  );
  const tuning = toggle("Fine-tune the network, too", "", (on) => change({ finetune: on }));
  const whole = toggle("Let the whole network learn", "As the fast.ai course does it. Without a graphics card it takes many times longer.", (on) =>
    change({ whole: on }),
  );
  const finer = make(
    "fieldset",
    { class: "tc-part" },
    make("legend", {}, "How it learns"),
    tuning.row,
    whole.row,
    make("div", { class: "tc-fields" }, size.row, epochs.row, rate.row),
  );
  const usual = make(
    "button",
    {
      type: "button",
      class: "sp-plain",
      onclick: () =>
        change({ backbone: value.networks[0].key, combine: true, finetune: false, whole: false, size: "", epochs: "", rate: "", augmentation: null }),
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
      alone.row,
    ),
    finer,
    variations.box,
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
    problem,
    make("div", { class: "tc-go" }, go, time, busy, more),
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
    value = { ...value, times: answer.times };
    drawChoice();
  }

  async function train() {
    const { project_id } = value;
    const asked = choice;
    starting = true;
    go.disabled = true;
    await keeping.done; // else what is kept last might be an earlier choice than that of the training
    starting = false;
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
    go.disabled = starting || Boolean(value.busy);
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
    const { finetune } = choice;
    write(time, value.times.chosen);
    write(tuning.small, `For signs, scans and other unusual photos; kept only if it is better. Takes ${value.times.finetuned}.`);
    alone.input.checked = !choice.combine;
    tuning.input.checked = finetune;
    whole.input.checked = choice.whole;
    networks.draw(value, choice.backbone);
    const network = value.networks.find(({ key }) => key === choice.backbone);
    size.input.placeholder = network?.size ? String(network.size) : "the app chooses";
    for (const { key, input } of [size, epochs, rate]) {
      if (document.activeElement !== input || !input.value) input.value = choice[key];
      if (key !== "size") input.placeholder = "the app chooses";
    }
    for (const part of [variations.box, epochs.row, rate.row, whole.row]) part.hidden = !finetune;
    variations.draw(value, choice.augmentation);
    const words = [
      choice.backbone === value.networks[0].key ? null : network?.label,
      choice.combine ? null : "only this network",
      finetune ? (choice.whole ? "whole network" : "fine-tuned") : null,
      choice.size ? `${choice.size} pixels` : null,
      finetune && choice.epochs ? `${choice.epochs} ${choice.epochs === "1" ? "round" : "rounds"}` : null,
      finetune && choice.rate ? `learning rate ${choice.rate}` : null,
      finetune && choice.augmentation ? "own variations" : null,
    ].filter(Boolean);
    told.textContent = words.join(" · ");
    usual.hidden = !words.length;
  }

  watch("value", draw);
  draw();
}
