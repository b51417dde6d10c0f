// The page: photos and camera in, answers out.
import { fillAbout } from "./about.js";
import * as camera from "./camera.js";
import { byId, make, paint } from "./dom.js";
import { load, lookAtFile, lookAtPicture } from "./engine.js";
import { keepAll, offerInstall, startAgainIfOvertaken, startKeeping } from "./offline.js";
import { inPercent, judge, question } from "./words.js";

const FEW = 6; // bars shown at once
const WORTH_A_BAR = 0.005; // likelier than this, or one of the first two
const MOST_PHOTOS = 40; // of the strip; older ones go
const THUMB = 144; // pixels
const SAID_EVERY = 2500; // milliseconds between live answers read out to people who can't see them
const UNREADABLE = "This browser can’t read this file as a photo. Save it as JPEG or PNG, then try again.";

const part = Object.fromEntries(
  [
    "stage",
    "invite",
    "fan",
    "question",
    "invitation",
    "frame",
    "photo",
    "video",
    "heat",
    "badge",
    "badge-words",
    "bar",
    "bar-still",
    "bar-live",
    "open-camera",
    "choose",
    "flip",
    "shutter",
    "close-camera",
    "file",
    "strip",
    "problem",
    "loading",
    "progress",
    "loading-words",
    "said",
    "live-note",
    "looked",
    "show-heat",
    "share",
    "open-about",
    "about",
    "offline",
    "install",
    "reload",
    "toast",
  ].map((id) => [id, byId(id)]),
);

let page = null;
let card = null;
let becomeReady;
const isReady = new Promise((done) => {
  becomeReady = done;
}); // everything has come and runs
let shown = null; // {answer, map} that is on the page
let asked = 0; // number of the latest question; answers to earlier ones are not drawn
let saidAt = 0;
let live = null; // what the live answer is drawn in, reused from frame to frame

begin();

async function begin() {
  const keeping = startKeeping(() => {
    part.reload.hidden = false;
  });
  try {
    const [pageFile, cardFile] = await Promise.all([fetch("page.json"), fetch("card.json")]);
    page = await pageFile.json();
    card = await cardFile.json();
  } catch {
    part.question.textContent = "This page could not be loaded";
    part.invitation.textContent = "Check the connection, then load it again.";
    return;
  }
  invite();
  fillAbout(part.about, page, card);
  bindEverything();
  offerInstall(part.install);
  await keeping;
  getReady();
}

function invite() {
  const names = card.classes.map(({ name }) => name);
  const cards = names
    .slice(0, 3)
    .map((name, index) => paint(make("div", { class: "polaroid" }, make("div", { class: "picture" }), make("span", {}, name)), page.colours[index]));
  part.fan.replaceChildren(...cards);
  part.fan.dataset.count = cards.length;
  [1, 2].forEach((number) => part.stage.style.setProperty(`--glow-${number}`, page.colours[(number - 1) % page.colours.length].fill));
  part.question.textContent = question(names);
  part.invitation.classList.remove("late");
  part.invitation.textContent = matchMedia("(pointer: coarse)").matches
    ? "Point the camera at something, or choose a photo."
    : "Drop a photo here, paste one, or use the camera.";
  part.bar.hidden = part["open-about"].hidden = false;
  part.share.hidden = !navigator.share && !navigator.clipboard;
  wait();
}

/** What stands where the answer will be. */
function wait() {
  part.said.replaceChildren(
    make(
      "div",
      { class: "waiting" },
      make("h2", {}, "What will it say?"),
      make(
        "p",
        {},
        card.weakest
          ? `${card.sentence} Try yours, and something that is none of these.`
          : card.accuracy
            ? `Of ${card.accuracy.photos.toLocaleString("en")} photos it had not seen before, it got ${card.accuracy.correct.toLocaleString("en")} right. Try yours, and something that is none of these.`
            : "Try yours, and something that is none of these.",
      ),
      make(
        "ul",
        { class: "chips" },
        card.classes.slice(0, 12).map(({ name }, index) => paint(make("li", { class: "chip" }, name), page.colours[index])),
        card.classes.length > 12 ? make("li", { class: "chip more" }, `and ${card.classes.length - 12} more`) : null,
      ),
    ),
  );
}

// --- getting ready -------------------------------------------------------------------------

function getReady() {
  const total = page.model.bytes + page.runtime.bytes;
  part.loading.hidden = false;
  part.problem.hidden = true;
  load(page, (came) => {
    part.progress.value = came / total;
    part["loading-words"].textContent =
      came < total ? `Getting ready: ${(came / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB, only this once` : "Almost ready …";
  }).then(ready, failed);
}

async function ready() {
  if (await startAgainIfOvertaken()) return;
  becomeReady();
  part.loading.hidden = true;
  document.documentElement.dataset.ready = "true";
  part.offline.hidden = !(await keepAll());
}

function failed(error) {
  part.loading.hidden = true;
  complain(error.message, make("button", { type: "button", class: "side", onclick: getReady }, "Try again"));
}

// --- photos --------------------------------------------------------------------------------

async function askAbout(files) {
  stopCamera();
  for (const file of [...files].slice(0, MOST_PHOTOS)) await ask(file, () => lookAtFile(file));
}

/** Show a photo and the answer to it, and put both in the strip. */
async function ask(file, look) {
  const mine = ++asked;
  show(file);
  part.problem.hidden = true;
  part.said.replaceChildren(make("p", { class: "thinking" }, "Looking …"));
  let found;
  try {
    await isReady;
    found = await look();
  } catch (error) {
    if (mine === asked && error.name === "Unreadable") {
      rest();
      complain(UNREADABLE);
    } else if (mine === asked) complain(error.message);
    return;
  }
  const answer = judge(found, card);
  const seen = found.picture || file;
  remember(seen, answer, found.map);
  if (mine !== asked) return;
  if (found.picture) show(seen);
  draw(answer, found.map);
}

function show(file) {
  scrollTo({ top: 0 });
  part.invite.hidden = true;
  part.frame.hidden = part.photo.hidden = false;
  part.heat.hidden = part.looked.hidden = true;
  if (part.photo.src) URL.revokeObjectURL(part.photo.src);
  part.photo.onload = () => part.frame.style.setProperty("--ratio", part.photo.naturalWidth / part.photo.naturalHeight);
  part.photo.src = URL.createObjectURL(file);
}

/** Back to the invitation. */
function rest() {
  part.frame.hidden = part.photo.hidden = part.heat.hidden = part.looked.hidden = true;
  part.invite.hidden = false;
  paint(part.stage, null);
  shown = null;
  wait();
}

// --- answers -------------------------------------------------------------------------------

function draw(answer, map) {
  shown = { answer, map };
  live = null;
  const colour = page.colours[answer.index];
  part.said.replaceChildren(
    ...[
      verdict(answer, colour),
      make("p", { class: "words" }, answer.words),
      answer.hint ? make("p", { class: "hint" }, answer.hint) : null,
      ...bars(answer.bars),
    ].filter(Boolean),
  );
  paint(part.stage, answer.sure ? colour : null);
  part.looked.hidden = false;
  drawHeat();
}

function verdict(answer, colour) {
  return paint(make("p", { class: answer.sure ? "verdict" : "verdict unsure" }, answer.headline), answer.sure ? colour : null);
}

function bars(all) {
  const count = all.filter(({ probability }, place) => place < 2 || (place < FEW && probability >= WORTH_A_BAR)).length;
  const list = make("ul", { class: "bars", "aria-label": "How likely each class is" }, all.slice(0, count).map(bar));
  if (all.length === count) return [list];
  const more = make(
    "button",
    {
      type: "button",
      class: "link more",
      onclick: () => {
        list.append(...all.slice(count).map(bar));
        more.remove();
      },
    },
    `Show all ${all.length}`,
  );
  return [list, more];
}

function bar({ index, name, probability }) {
  const line = make(
    "li",
    {},
    make("span", { class: "name" }, name),
    make("span", { class: "track", "aria-hidden": "true" }, make("span")),
    make("span", { class: "percent" }, inPercent(probability)),
  );
  line.children[1].firstChild.style.transform = `scaleX(${probability})`;
  return paint(line, page.colours[index]);
}

/** A map over the photo: dark where nothing spoke for the answer. */
function drawHeat() {
  part.heat.hidden = !part["show-heat"].checked || !shown?.map;
  if (part.heat.hidden) return;
  const { rows, columns, values } = shown.map;
  const small = make("canvas", { width: columns, height: rows });
  const pixels = new ImageData(columns, rows);
  values.forEach((weight, index) => pixels.data.set([14, 20, 26, Math.round(165 * (1 - weight))], 4 * index));
  small.getContext("2d").putImageData(pixels, 0, 0);
  [part.heat.width, part.heat.height] = [columns * 32, rows * 32];
  const context = part.heat.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(small, 0, 0, part.heat.width, part.heat.height);
}

function complain(sentence, button = null) {
  part.problem.replaceChildren(sentence, ...(button ? [button] : []));
  part.problem.hidden = false;
  part.said.replaceChildren();
}

// --- the strip of photos so far --------------------------------------------------------------

async function remember(file, answer, map) {
  let small;
  try {
    const bitmap = await createImageBitmap(file);
    const side = Math.min(bitmap.width, bitmap.height);
    small = make("canvas", { width: THUMB, height: THUMB });
    small.getContext("2d").drawImage(bitmap, (bitmap.width - side) / 2, (bitmap.height - side) / 2, side, side, 0, 0, THUMB, THUMB);
    bitmap.close();
  } catch {
    return;
  }
  const again = () => {
    stopCamera();
    asked += 1;
    part.problem.hidden = true;
    show(file);
    draw(answer, map);
  };
  const item = make(
    "li",
    {},
    make(
      "button",
      { type: "button", class: answer.sure ? "" : "unsure", "aria-label": `${answer.headline}: show this photo again`, title: answer.headline, onclick: again },
      small,
    ),
  );
  part.strip.prepend(paint(item, page.colours[answer.index]));
  while (part.strip.children.length > MOST_PHOTOS) part.strip.lastChild.remove();
  part.strip.hidden = part.strip.children.length < 2;
}

// --- the camera ----------------------------------------------------------------------------

async function startCamera() {
  const mine = ++asked;
  part.problem.hidden = true;
  try {
    await camera.open(part.video);
  } catch (error) {
    if (part.frame.hidden) rest();
    return complain(error.message);
  }
  const fit = () => part.frame.style.setProperty("--ratio", part.video.videoWidth / part.video.videoHeight);
  part.video.onresize = fit;
  fit();
  part.invite.hidden = part.photo.hidden = part.heat.hidden = part["bar-still"].hidden = true;
  part.frame.hidden = part.video.hidden = part["bar-live"].hidden = part.badge.hidden = part["live-note"].hidden = false;
  part["badge-words"].textContent = "Live";
  document.body.classList.add("live");
  scrollTo({ top: 0 });
  part.flip.hidden = !(await camera.hasSeveral());
  live = null;
  shown = null;
  part.said.replaceChildren(make("p", { class: "thinking" }, "Looking …"));
  part.said.setAttribute("aria-live", "off");
  try {
    await isReady;
    if (camera.isLive() && mine === asked) await camera.watch(drawLive);
  } catch (error) {
    stopCamera();
    complain(error.message);
  }
}

/** Like `draw`, but many times a second: what is there is changed, not made anew. */
function drawLive(found) {
  const answer = judge(found, card);
  const colour = page.colours[answer.index];
  if (!live) {
    live = {
      verdict: verdict(answer, colour),
      words: make("p", { class: "words" }),
      bars: make("ul", { class: "bars", "aria-label": "How likely each class is" }),
      lines: new Map(),
      looks: 0,
    };
    part.said.replaceChildren(live.verdict, live.words, live.bars);
  }
  live.looks += 1;
  part.stage.dataset.looks = live.looks;
  live.verdict.textContent = answer.headline;
  live.verdict.classList.toggle("unsure", !answer.sure);
  paint(live.verdict, answer.sure ? colour : null);
  paint(part.stage, answer.sure ? colour : null);
  live.words.textContent = answer.words;
  drawLiveBars(answer.bars);
  part["badge-words"].textContent = `Live · ${Math.round(found.rate)} looks a second`;
  shown = { answer, map: found.map };
  part.looked.hidden = false;
  drawHeat();
  readOut(answer);
}

/** Bars stay in the order of the classes where these are few, so that they don't jump about. */
function drawLiveBars(all) {
  const few = card.classes.length <= FEW ? [...all].sort((a, b) => a.index - b.index) : all.slice(0, FEW);
  const lines = few.map((each) => {
    const line = live.lines.get(each.index) || bar(each);
    live.lines.set(each.index, line);
    line.children[1].firstChild.style.transform = `scaleX(${each.probability})`;
    line.children[2].textContent = inPercent(each.probability);
    return line;
  });
  if (lines.some((line, position) => live.bars.children[position] !== line) || live.bars.children.length !== lines.length) live.bars.replaceChildren(...lines);
}

function readOut(answer) {
  if (performance.now() - saidAt < SAID_EVERY) return;
  saidAt = performance.now();
  part.video.setAttribute("aria-label", `What the camera sees: ${answer.headline}`);
}

async function takePicture() {
  if (!camera.isLive() || !part.video.videoWidth) return;
  const { bitmap, file } = await camera.takePicture();
  stopCamera();
  await ask(file, () => lookAtPicture(bitmap));
}

function stopCamera() {
  if (!document.body.classList.contains("live")) return;
  camera.close();
  asked += 1;
  document.body.classList.remove("live");
  part.video.hidden = part["bar-live"].hidden = part.badge.hidden = part["live-note"].hidden = part.heat.hidden = true;
  part["bar-still"].hidden = false;
  part.said.setAttribute("aria-live", "polite");
  rest();
}

// --- hands ---------------------------------------------------------------------------------

function bindEverything() {
  const on = (id, event, work) => part[id].addEventListener(event, work);
  on("choose", "click", () => part.file.click());
  on("file", "change", () => {
    askAbout(part.file.files);
    part.file.value = "";
  });
  on("invite", "click", () => part.file.click());
  on("open-camera", "click", startCamera);
  on("close-camera", "click", stopCamera);
  on("shutter", "click", takePicture);
  on("flip", "click", () => {
    camera.flip();
    startCamera();
  });
  on("show-heat", "change", drawHeat);
  on("open-about", "click", () => part.about.showModal());
  on("share", "click", shareIt);
  on("reload", "click", () => location.reload());
  addEventListener("pagehide", () => camera.close());
  addEventListener("paste", (event) => {
    if (!event.clipboardData?.files.length) return;
    event.preventDefault();
    askAbout(event.clipboardData.files);
  });
  addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    document.body.classList.add("dragging");
  });
  addEventListener("dragleave", (event) => event.relatedTarget || document.body.classList.remove("dragging"));
  addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("dragging");
    if (event.dataTransfer.files.length) askAbout(event.dataTransfer.files);
  });
}

async function shareIt() {
  const { origin, pathname } = location;
  const link = { title: page.title, url: origin + pathname };
  try {
    if (navigator.share) return await navigator.share(link);
    await navigator.clipboard.writeText(link.url);
    toast("The link is copied.");
  } catch (error) {
    if (error.name !== "AbortError") toast(link.url);
  }
}

function toast(words) {
  part.toast.textContent = words;
  part.toast.hidden = false;
  setTimeout(() => {
    part.toast.hidden = true;
  }, 3500);
}
