// Where photos come in: class cards, the switch of ways, and the first of these, a place to drop on.
// Files that are dropped on the page or pasted come in whatever way is shown.
// Events: 'bring' (everything of one drop, uploaded), 'choose' (a class), 'dismiss' (the report).

import { carriesFiles, counted, listenOnPage, make, paint, shown, typing } from "../../../kit/dom.js";
import { makeWays } from "../ways.js";
import { makeChosenClass } from "./chosen_class.js";
import { makeClassCards } from "./class_cards.js";
import { fromClipboard, fromDrop, fromInput, sortOut } from "./incoming.js";
import { makeReport } from "./report.js";

const AT_ONCE = 4; // uploads in flight

export function start({ element, trigger, props, server, upload, watch }) {
  let value = null;
  const chosen = makeChosenClass({ element, trigger, draw: drawChosen });
  const drops = []; // those whose files wait to be brought over
  let upload_run = null; // {id, done, total, stopped} while files are on their way

  const { cards, draw: drawCards } = makeClassCards({
    choose: chosen.choose,
    drop: (id, event) => takeDrop(event, id, true),
  });
  const files = make("input", {
    type: "file",
    multiple: true,
    class: "ph-hidden-input",
    tabindex: "-1",
    "aria-label": "Photos or archives",
    accept: "image/*,.heic,.heif,.avif,.tif,.tiff,.zip,.tar,.tgz,.tar.gz",
    onchange: (event) => takeInput(event.target),
  });
  const folder = make("input", {
    type: "file",
    webkitdirectory: true,
    multiple: true,
    class: "ph-hidden-input",
    tabindex: "-1",
    "aria-label": "Folder of photos",
    onchange: (event) => takeInput(event.target),
  });
  const goal = make("p", { class: "ph-goal" });
  const ways = makeWays(element);
  const progress = make("div", { class: "ph-sending", hidden: true });
  const invite = make(
    "div",
    { class: "ph-invite" },
    make("div", { class: "ph-drawing", "aria-hidden": "true" }, "🏞️"),
    make("h3", {}, "Drop photos, a folder or a .zip here"),
    goal,
    make(
      "div",
      { class: "ph-buttons" },
      make("button", { type: "button", class: "ph-strong", onclick: () => files.click() }, "Choose photos"),
      make("button", { type: "button", class: "ph-whole-folder", onclick: () => folder.click() }, "Choose a folder"),
    ),
    make("p", { class: "ph-hint" }, "Or paste a copied picture with Ctrl+V. In a folder with one sub-folder a class, each goes to its class."),
  );
  const area = make("div", { class: "ph-area", role: "group", "aria-label": "Add photos" }, invite, files, folder);
  const { box: report, draw: drawReport, complain } = makeReport({ dismissed: () => trigger("dismiss", {}) });
  const none = make(
    "div",
    { class: "ph-empty", hidden: true },
    make("div", { class: "ph-drawing", "aria-hidden": "true" }, "🏷️"),
    make("h3", {}, "What do you want to tell apart?"),
    make("p", {}, "Name your classes in the step before; then photos can come in."),
  );
  const where = make("p", { class: "ph-where" });
  const curtain = make("div", { class: "ph-curtain", hidden: true, "aria-hidden": "true" }, where);
  element.replaceChildren(make("div", { class: "ph-dropzone" }, cards, none, ways.bar, progress, report, area, curtain));
  // A dropped or pasted folder keeps working where the folder chooser doesn't exist (phones).
  if (!("webkitdirectory" in folder) || matchMedia("(hover: none) and (pointer: coarse)").matches) {
    area.querySelector(".ph-whole-folder").hidden = area.querySelector(".ph-hint").hidden = true;
    area.querySelector("h3").textContent = "Photos from this device";
  }

  function draw() {
    value = props.value;
    if (!value || !value.project_id) return;
    chosen.follow(value);
    none.hidden = value.classes.length > 0;
    cards.hidden = ways.bar.hidden = area.hidden = value.classes.length === 0;
    drawChosen();
    drawReport(value);
  }

  function drawChosen() {
    drawCards({ ...value, chosen: chosen.id });
    const label = value.classes.find((other) => other.id === chosen.id);
    paint(area, label);
    for (const [place, words] of [
      [goal, "They go to "],
      [where, "Drop them here, they go to "],
    ]) {
      place.replaceChildren(...(label ? [words, paint(make("span", { class: "ph-chip" }, label.name), label)] : []));
    }
  }

  // --- taking ------------------------------------------------------------------------------

  function takeInput(input) {
    const found = fromInput(input.files);
    input.value = "";
    take(found, chosen.id, false, found.some((one) => one.relative.includes("/")) ? "folder" : "upload");
  }

  async function takeDrop(event, id, onCard) {
    area.classList.remove("ph-over");
    curtain.hidden = true;
    const reading = fromDrop(event.dataTransfer);
    if (onCard) chosen.choose(id);
    const found = await reading;
    take(found, id, onCard, found.some((one) => one.relative.includes("/")) ? "folder" : "upload");
  }

  async function take(found, classId, onCard, source) {
    if (!found.length) return;
    if (value.busy) return complain(value.busy);
    const { wanted, refused } = sortOut(found, value.limits);
    if (!wanted.length && !refused.length) return complain("There was nothing but hidden files in it.");
    drops.push({ project_id: value.project_id, class_id: classId, on_card: onCard, source, wanted, refused });
    if (!upload_run) return bringOver(wanted.length);
    upload_run.total += wanted.length; // behind those that are on their way
    drawProgress();
  }

  async function bringOver(total) {
    const run = { id: Math.random().toString(36).slice(2), done: 0, total, stopped: false };
    upload_run = run;
    drawProgress();
    let brought = 0;
    while (drops.length && !run.stopped) {
      const { wanted, ...drop } = drops.shift();
      const sent = await sendAll(wanted, drop.refused, run);
      if (run.stopped) {
        if (sent.length) server.discard({ paths: sent.map((one) => one.path) });
      } else {
        trigger("bring", { ...drop, run: run.id, files: sent });
        brought += 1;
      }
    }
    upload_run = null;
    drawProgress();
    if (!run.stopped) return;
    drops.length = 0;
    complain(brought ? "Cancelled. What had come over before is added." : "Cancelled. Nothing was added.", "calm");
  }

  async function sendAll(wanted, refused, run) {
    const sent = [];
    const waiting = wanted.map((one, index) => ({ ...one, index }));
    const sender = async () => {
      while (waiting.length && !run.stopped) {
        const { file, relative, index } = waiting.shift();
        try {
          const { path } = await upload(file);
          sent.push({ path, relative, index });
        } catch {
          refused.push({ name: relative, reason: "It could not be brought over. Is the app still running? Add it again." });
        }
        run.done += 1;
        drawProgress();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, sender));
    return sent.sort((one, other) => one.index - other.index).map(({ path, relative }) => ({ path, relative }));
  }

  function drawProgress() {
    progress.hidden = !upload_run;
    if (!upload_run) return progress.replaceChildren();
    if (!progress.firstChild) {
      const run = upload_run;
      progress.replaceChildren(
        make("p", { class: "ph-what", role: "status" }),
        make("progress", { max: "1", "aria-label": "Bringing photos over" }),
        make(
          "button",
          {
            type: "button",
            onclick: () => {
              run.stopped = true;
              drawProgress();
            },
          },
          "Cancel",
        ),
      );
    }
    const { done, total, stopped } = upload_run;
    progress.querySelector(".ph-what").textContent = stopped
      ? "Cancelling"
      : `Bringing over ${Math.min(done + 1, total).toLocaleString("en")} of ${counted(total, "file")}`;
    progress.querySelector("progress").value = total ? done / total : 1;
    progress.querySelector("button").disabled = stopped;
  }

  // --- dropping and pasting ----------------------------------------------------------------

  area.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    area.classList.add("ph-over");
  });
  area.addEventListener("dragleave", (event) => {
    if (!area.contains(event.relatedTarget)) area.classList.remove("ph-over");
  });
  area.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    takeDrop(event, chosen.id, false);
  });

  // What is dropped beside the area comes in too, and must not replace the page with itself.
  const comesIn = (event) => carriesFiles(event) && value && value.classes.length && shown(element);
  listenOnPage(element, {
    dragover: (event) => {
      if (!comesIn(event)) return;
      curtain.hidden = Boolean(event.target.closest?.(".ph-card, .ph-area"));
      event.preventDefault();
    },
    dragleave: (event) => {
      if (!event.relatedTarget) curtain.hidden = true; // the pointer has left the window
    },
    drop: (event) => {
      curtain.hidden = true;
      if (!comesIn(event) || event.defaultPrevented) return;
      event.preventDefault();
      takeDrop(event, chosen.id, false);
    },
    paste: (event) => {
      if (!value || !shown(element) || typing(event) || !event.clipboardData.files.length || !value.classes.length) return;
      event.preventDefault();
      take(fromClipboard(event.clipboardData), chosen.id, false, "upload");
    },
  });

  watch("value", draw);
  draw();
}
