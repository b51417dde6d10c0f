// What the model looked at in an enlarged photo, laid over it: cold where little speaks for a class,
// hot where most does. Python draws it (ui/routes/heatmaps.py).

import { make, write } from "../dom.js";

const FAINT = 0.05; // of the strongest spot of the answered class: less can't be seen

/** @param labelOf the class with an id. */
export function makeHeat(labelOf) {
  let photo = null;
  let project = null;
  let learnt = []; // ids of the classes that the model knows
  let own = false; // whether it is of the photo's own class, not of the answered one
  let drawn = null; // the address of what is laid over the photo
  const layer = make("img", { class: "ph-heat", alt: "", hidden: true });
  const press = make(
    "button",
    { type: "button", title: "Key H", "aria-pressed": "false", "data-deed": "heat", onclick: toggle },
    "What it looked at",
    make("kbd", { "aria-hidden": "true" }, "H"),
  );
  const about = make("span", { class: "ph-heat-about", role: "status" });
  const ramp = make("span", { class: "ph-ramp" }, make("span", {}, "cold"), make("i", { "aria-hidden": "true" }), make("span", {}, "hot"));
  const choice = make("span", { class: "ph-pick" });
  const legend = make("div", { class: "ph-legend", hidden: true }, about, ramp, choice);

  function show(asked, value) {
    if (asked.id !== photo?.id || asked.class_id !== photo.class_id) own = false;
    photo = asked;
    project = value.project_id;
    learnt = value.learnt;
    press.hidden = !learnt.length;
    draw();
  }

  function toggle() {
    press.setAttribute("aria-pressed", String(press.getAttribute("aria-pressed") !== "true"));
    draw();
  }

  function draw() {
    const on = press.getAttribute("aria-pressed") === "true" && !press.hidden;
    legend.hidden = !on;
    if (!on) return clear();
    const label = labelOf(own ? photo.class_id : photo.answer);
    drawChoice();
    const address = `/heatmaps/${project}/${photo.sha256}${label ? `?class=${encodeURIComponent(label.name)}` : ""}`;
    if (address === drawn) return undefined;
    clear();
    drawn = address;
    return lay(address, label);
  }

  function clear() {
    layer.hidden = true;
    layer.parentElement?.classList.remove("ph-hot");
    if (layer.src) URL.revokeObjectURL(layer.src);
    layer.removeAttribute("src");
    drawn = null;
  }

  async function lay(address, label) {
    write(about, "Looking…");
    let problem = null;
    let picture = null;
    let strongest = 0;
    try {
      const answer = await fetch(address);
      strongest = Number(answer.headers.get("X-Strongest"));
      if (answer.ok) picture = await answer.blob();
      else problem = await answer.text();
    } catch {
      problem = "The app did not answer. Is it still running?";
    }
    if (address !== drawn) return;
    ramp.hidden = !picture;
    const what = label ? label.name : "what it answers";
    write(about, problem ?? (strongest > FAINT ? `What speaks for ${what}` : `Nothing here speaks for ${what}`));
    if (!picture) return;
    layer.src = URL.createObjectURL(picture);
    layer.hidden = false;
    layer.parentElement.classList.add("ph-hot");
  }

  /** Where the answer is another class than its own: why the one, and why not the other. */
  function drawChoice() {
    const [answered, right] = [labelOf(photo.answer), labelOf(photo.class_id)];
    const pick = (text, isOwn) =>
      make(
        "button",
        {
          type: "button",
          "aria-pressed": String(own === isOwn),
          onclick: () => {
            own = isOwn;
            draw();
            choice.children[Number(isOwn)].focus();
          },
        },
        text,
      );
    const both = answered && right && answered !== right && learnt.includes(right.id);
    choice.hidden = !both;
    choice.replaceChildren(...(both ? [pick(`Why ${answered.name}?`, false), pick(`Why not ${right.name}?`, true)] : []));
  }

  return { layer, legend, press, show };
}
