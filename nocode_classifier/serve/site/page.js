// Asks the classifier behind this page about photos, and draws what it says.

const about = JSON.parse(document.getElementById("about").textContent);
const LONGEST_SHOT = 800; // pixels of a camera picture's longer side
const EVERY = 120; // milliseconds between two pictures of the live camera, at least
const SHOWN = 6; // bars before the rest is folded away
const KEY = "nocode-classifier-key";
const UNLIKE = "unlike anything it has seen"; // why an answer is not sure; else it is too close to call

const [stage, invite, photo, video, unshown, pace, choose, take, camera, freeze, file, shot, link, linkForm, problem, keyForm, key, answer] = [
  "stage",
  "invite",
  "photo",
  "video",
  "unshown",
  "pace",
  "choose",
  "take",
  "camera",
  "freeze",
  "file",
  "shot",
  "link",
  "link-form",
  "problem",
  "key-form",
  "key",
  "answer",
].map((id) => document.getElementById(id));

const phone = matchMedia("(pointer: coarse)").matches;
const mayFilm = Boolean(navigator.mediaDevices?.getUserMedia);
let stream = null;
let asking = 0; // number of the latest question; answers to earlier ones are dropped
let again = null; // what to ask once the key is known

// --- words ---------------------------------------------------------------------------------

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function paint(node, name) {
  const known = about.classes.find((one) => one.name === name);
  node.style.setProperty("--class-fill", known?.fill ?? "var(--pine)");
  node.style.setProperty("--class-ink", known?.ink ?? "white");
  return node;
}

function listed(words, last) {
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

// --- drawing -------------------------------------------------------------------------------

function introduce() {
  const names = about.classes.map((one) => one.name);
  document.getElementById("lead").textContent =
    names.length <= 4
      ? `Is it ${listed(
          names.map((name) => `“${name}”`),
          "or",
        )}? Show it a photo.`
      : `Tells ${names.length} things apart. Show it a photo.`;
  const chips = about.classes.slice(0, 12).map((one) => paint(make("li", {}, one.name), one.name));
  if (names.length > 12) chips.push(make("li", { class: "more" }, `and ${names.length - 12} more`));
  answer.replaceChildren(
    make(
      "div",
      { class: "waiting" },
      make("h2", {}, "What will it say?"),
      make("p", {}, "It knows these, and says so when it is not sure."),
      make("ul", { class: "chips", "aria-label": "What it knows" }, ...chips),
    ),
  );
  const measured = about.accuracy;
  if (measured?.photos) {
    const line = document.getElementById("accuracy");
    const percent = (share) => `${Math.round(100 * share)}%`;
    line.textContent =
      about.sentence ||
      `Right on ${measured.correct} of ${measured.photos} photos it had not seen: ${percent(measured.value)}, between ${percent(measured.low)} and ${percent(measured.high)}.`;
    line.hidden = false;
  }
  take.hidden = !phone;
  camera.hidden = !mayFilm;
  if (phone) {
    document.getElementById("invitation").textContent = "Show it a photo";
    document.getElementById("invitation-more").textContent = "from your gallery, or take one now";
  } else if (/Mac/.test(navigator.userAgent)) document.getElementById("invitation-more").textContent = "or paste one with ⌘V";
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

function draw(said) {
  problem.hidden = true;
  answer.classList.remove("thinking");
  const verdict = make("div", { class: said.sure ? "verdict" : "verdict unsure" }, said.sure ? said.guess : "Not sure");
  if (said.sure) paint(verdict, said.guess);
  const bars = said.predictions.map(bar);
  const parts = [verdict, make("p", { class: "words" }, sentence(said))];
  if (said.hint && said.sure) parts.push(make("p", { class: "hint" }, said.hint));
  parts.push(make("ul", { class: "bars", "aria-label": "How likely each one is" }, ...bars.slice(0, SHOWN)));
  if (bars.length > SHOWN) {
    const open = answer.querySelector("details.rest")?.open;
    const rest = make(
      "details",
      { class: "rest" },
      make("summary", {}, `${bars.length - SHOWN} less likely ones`),
      make("ul", { class: "bars" }, ...bars.slice(SHOWN)),
    );
    rest.open = Boolean(open);
    parts.push(rest);
  }
  answer.replaceChildren(...parts);
}

function complain(words) {
  problem.textContent = words;
  problem.hidden = false;
  answer.classList.remove("thinking");
  answer.replaceChildren();
}

function show(node) {
  document.querySelector("main").classList.add("asked");
  stage.classList.add("filled");
  for (const one of [invite, photo, video, unshown]) one.hidden = one !== node;
}

function picture(address) {
  show(photo);
  if (photo.src.startsWith("blob:")) URL.revokeObjectURL(photo.src);
  photo.src = address;
}
// Browsers can't show every format that phones write, and some websites show their photos nowhere else.
photo.addEventListener("error", () => show(unshown));

function begin() {
  asking += 1;
  problem.hidden = true;
  answer.replaceChildren(make("p", { class: "looking" }, "Looking…"));
  return asking;
}

// --- asking --------------------------------------------------------------------------------

/** Ask; gives the answer, or {error, wait} with a sentence and the seconds to wait. */
async function ask(address, body) {
  const headers = {};
  const known = about.withKey ? sessionStorage.getItem(KEY) : null;
  if (known) headers["X-API-Key"] = known;
  try {
    const response = await fetch(address, { method: body ? "POST" : "GET", body, headers });
    const said = await response.json().catch(() => ({}));
    if (response.ok) return said;
    const wait = Number(response.headers.get("Retry-After")) || 0;
    return { status: response.status, error: said.error || "It did not answer. Try again in a moment.", wait };
  } catch {
    return { status: 0, error: "The classifier can't be reached. Is it still running, and are you online?", wait: 0 };
  }
}

/** Ask and draw; false if nobody waits for this answer any more, or there is none. */
async function askAndDraw(address, body, mine) {
  const said = await ask(address, body);
  if (mine !== asking) return false;
  if (!said.error) {
    draw(said);
    return true;
  }
  if (said.status === 401) askForKey(() => askAndDraw(address, body, mine));
  else complain(said.error);
  return false;
}

function form(blob, name) {
  const data = new FormData();
  data.append("file", blob, name);
  return data;
}

function askFile(chosen) {
  if (!chosen) return;
  stopCamera();
  const mine = begin();
  picture(URL.createObjectURL(chosen));
  askAndDraw("image", form(chosen, chosen.name || "photo.jpg"), mine);
}

function askLink(address) {
  stopCamera();
  const mine = begin();
  picture(address);
  askAndDraw(`classify-url?url=${encodeURIComponent(address)}`, null, mine);
}

function askForKey(next) {
  again = next;
  answer.replaceChildren();
  keyForm.hidden = false;
  key.focus();
}

keyForm.addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem(KEY, key.value.trim());
  key.value = "";
  keyForm.hidden = true;
  again?.();
});

choose.addEventListener("click", () => file.click());
take.addEventListener("click", () => shot.click());
for (const input of [file, shot]) {
  input.addEventListener("change", () => {
    askFile(input.files[0]);
    input.value = "";
  });
}
linkForm.addEventListener("submit", (event) => {
  event.preventDefault();
  if (link.value.trim()) askLink(link.value.trim());
});

// --- the live camera -----------------------------------------------------------------------

async function startCamera() {
  try {
    const wanted = phone ? { facingMode: "environment" } : {};
    stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { width: { ideal: LONGEST_SHOT }, ...wanted } });
  } catch (error) {
    return complain(
      error.name === "NotAllowedError"
        ? "The browser may not use the camera. Click the camera or lock beside the address, allow it, then try again."
        : "No camera could be started. Plug one in, or close other programs that use it.",
    );
  }
  const track = stream.getVideoTracks()[0];
  const facing = track.getSettings().facingMode;
  video.classList.toggle("mirrored", facing ? facing === "user" : !phone);
  track.addEventListener("ended", stopCamera);
  video.srcObject = stream;
  show(video);
  freeze.hidden = false;
  camera.textContent = "Stop the camera";
  camera.setAttribute("aria-pressed", "true");
  watch(begin());
}

async function watch(mine) {
  const moments = [];
  while (stream && mine === asking) {
    const began = performance.now();
    if (!document.hidden && video.videoWidth) {
      const said = await ask("image", form(await snapshot(), "camera.jpg"));
      if (mine !== asking) return;
      if (said.status === 429 || said.status === 503) await pause(1000 * Math.max(1, said.wait));
      else if (said.status === 401) {
        stopCamera();
        return askForKey(startCamera);
      } else if (said.error) {
        stopCamera();
        return complain(said.error);
      } else {
        draw(said);
        showPace(moments);
      }
    }
    await pause(Math.max(20, EVERY - (performance.now() - began)));
  }
}

function showPace(moments) {
  moments.push(performance.now());
  if (moments.length > 12) moments.shift();
  const seconds = (moments.at(-1) - moments[0]) / 1000;
  pace.hidden = moments.length < 4;
  pace.textContent = `live, ${Math.round((moments.length - 1) / seconds) || 1} a second`;
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

function snapshot() {
  const scale = Math.min(1, LONGEST_SHOT / Math.max(video.videoWidth, video.videoHeight));
  const canvas = make("canvas", { width: Math.round(video.videoWidth * scale), height: Math.round(video.videoHeight * scale) });
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
}

function stopCamera() {
  if (!stream) return;
  stream.getTracks().forEach((track) => track.stop());
  stream = video.srcObject = null;
  asking += 1;
  freeze.hidden = pace.hidden = true;
  camera.textContent = "Live camera";
  camera.setAttribute("aria-pressed", "false");
  if (!video.hidden) {
    show(invite);
    stage.classList.remove("filled");
    document.querySelector("main").classList.remove("asked");
    introduce();
  }
}

camera.addEventListener("click", () => (stream ? stopCamera() : startCamera()));
freeze.addEventListener("click", async () => askFile(await snapshot()));
addEventListener("pagehide", stopCamera);

// --- dropping and pasting ------------------------------------------------------------------

addEventListener("dragover", (event) => {
  event.preventDefault();
  stage.classList.add("over");
});
addEventListener("dragleave", (event) => event.relatedTarget || stage.classList.remove("over"));
addEventListener("drop", (event) => {
  event.preventDefault();
  stage.classList.remove("over");
  askFile(event.dataTransfer.files[0]);
});
addEventListener("paste", (event) => {
  if (event.target.matches?.("input")) return;
  askFile(event.clipboardData.files[0]);
});

introduce();
