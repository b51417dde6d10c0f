// The page: photos and camera in, answers out.
import { fillAbout } from "./about.js";
import { drawnAnswer, drawnInvitation, makeLiveAnswer } from "./answers.js";
import * as camera from "./camera.js";
import { make, paint } from "./dom.js";
import { listenForFiles } from "./dropping.js";
import { load, lookAtFile, lookAtPicture } from "./engine.js";
import { keepAll, offerInstall, startAgainIfOvertaken, startKeeping } from "./offline.js";
import { drawMap, thumbnail } from "./pictures.js";
import { shareLink } from "./sharing.js";
import { judge, question } from "./words.js";

const MOST_PHOTOS = 40; // of the strip; older ones go
const THUMB = 144; // pixels
const SAID_EVERY = 2500; // milliseconds between live answers read out to people who can't see them
const UNREADABLE = "This browser can’t read this file as a photo. Save it as JPEG or PNG, then try again.";

const part = Object.fromEntries([...document.querySelectorAll("[id]")].map((element) => [element.id, element]));

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
let looks = 0; // of this live answer

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
  part.said.replaceChildren(drawnInvitation(card, page.colours));
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
  part.said.replaceChildren(drawnInvitation(card, page.colours));
}

// --- answers -------------------------------------------------------------------------------

function draw(answer, map) {
  shown = { answer, map };
  live = null;
  part.said.replaceChildren(...drawnAnswer(answer, page.colours));
  showColourAndMap(answer);
}

function showColourAndMap({ sure, index }) {
  paint(part.stage, sure ? page.colours[index] : null);
  part.looked.hidden = false;
  drawHeat();
}

function drawHeat() {
  part.heat.hidden = !part["show-heat"].checked || !shown?.map;
  if (!part.heat.hidden) drawMap(part.heat, shown.map);
}

function complain(sentence, button = null) {
  part.problem.replaceChildren(sentence, ...(button ? [button] : []));
  part.problem.hidden = false;
  part.said.replaceChildren();
}

// --- the strip of photos so far --------------------------------------------------------------

async function remember(file, answer, map) {
  const small = await thumbnail(file, THUMB);
  if (!small) return;
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
  if (!live) {
    live = makeLiveAnswer(page.colours);
    looks = 0;
    part.said.replaceChildren(...live.nodes);
  }
  looks += 1;
  part.stage.dataset.looks = looks;
  live.show(answer);
  part["badge-words"].textContent = `Live · ${Math.round(found.rate)} looks a second`;
  shown = { answer, map: found.map };
  showColourAndMap(answer);
  readOut(answer);
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
  on("share", "click", () => shareLink(page.title, part.toast));
  on("reload", "click", () => location.reload());
  addEventListener("pagehide", () => camera.close());
  listenForFiles(askAbout);
}
