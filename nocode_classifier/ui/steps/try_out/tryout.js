// Trying a classifier: a photo goes to Python, the answer comes back and is drawn beside it.
// The live camera asks again as soon as it was answered, so it is as quick as the computer is.

import { carriesFiles, listenOnPage, make, shown, typing } from "../../kit/dom.js";
import { answerNodes, drawMap } from "./answer.js";

const LONGEST_SHOT = 960; // pixels of a camera picture's longer side
const UNREADABLE = "The app did not answer. Is it still running?";

export function start({ element, trigger, props, server, upload, watch }) {
  let value = null;
  let stream = null;
  let asking = 0; // number of the latest question; answers to earlier ones are dropped
  let answer = null;

  const photo = make("img", { class: "ty-photo", alt: "The photo that was asked about", hidden: true });
  const video = make("video", { class: "ty-photo", autoplay: true, playsinline: true, muted: true, hidden: true, "aria-label": "What the camera sees" });
  video.muted = true;
  const heat = make("canvas", { class: "ty-heat", hidden: true });
  const file = make("input", {
    type: "file",
    accept: "image/*,.heic,.heif,.avif,.tif,.tiff",
    class: "ph-hidden-input",
    tabindex: "-1",
    "aria-label": "Photo to try",
    onchange: (event) => {
      askFile(event.target.files[0]);
      event.target.value = "";
    },
  });
  const invite = make(
    "div",
    { class: "ty-invite" },
    make("div", { class: "ph-drawing", "aria-hidden": "true" }, "📷"),
    make("h3", {}, "Drop a photo here"),
    make("p", {}, matchMedia("(pointer: coarse)").matches ? "or take one with the camera" : "or paste one with Ctrl+V"),
  );
  const frame = make("div", { class: "ty-frame" }, photo, video, heat);
  const stage = make("div", { class: "ty-stage", role: "group", "aria-label": "Photo to try" }, invite, frame, file);
  const choose = make("button", { type: "button", class: "ty-main", onclick: () => file.click() }, "Choose a photo");
  const live = make("button", { type: "button", "aria-pressed": "false", onclick: () => (stream ? stopCamera() : startCamera()) }, "Use the camera");
  const freeze = make("button", { type: "button", hidden: true, onclick: takeShot }, "Take this one");
  const show = make("input", { type: "checkbox", onchange: drawHeat });
  const looked = make("label", { class: "ty-looked", hidden: true }, show, " Show what it looked at");
  const link = make("input", { type: "url", placeholder: "https://… link to a photo", "aria-label": "Link to a photo" });
  const linkForm = make(
    "form",
    {
      class: "ty-link",
      onsubmit: (event) => {
        event.preventDefault();
        askLink(link.value);
      },
    },
    link,
    make("button", { type: "submit" }, "Try the link"),
  );
  const problem = make("p", { class: "ty-problem", role: "alert", hidden: true });
  const said = make("div", { class: "ty-answer", role: "status", "aria-live": "polite" });
  const note = make("p", { class: "ty-note", hidden: true });
  const missing = make(
    "div",
    { class: "ph-empty", hidden: true },
    make("div", { class: "ph-drawing", "aria-hidden": "true" }, "🎓"),
    make("h3", {}, "Nothing to try yet"),
    make("p", { class: "ty-missing" }),
    make("button", { type: "button", class: "ty-main", onclick: () => trigger("go", {}) }, "Go to training"),
  );
  // Hidden until Python said what there is to try: a photo given before would be forgotten.
  const desk = make(
    "div",
    { class: "ty-desk", hidden: true },
    make("div", { class: "ty-left" }, stage, looked, make("div", { class: "ty-buttons" }, choose, live, freeze), linkForm),
    make("div", { class: "ty-right" }, problem, said),
  );
  element.replaceChildren(make("div", { class: "tryout" }, note, missing, desk));
  reset();

  // --- drawing -------------------------------------------------------------------------------

  function draw() {
    const before = value;
    value = props.value;
    if (!value || !value.project_id) return;
    missing.hidden = !value.missing;
    desk.hidden = Boolean(value.missing);
    missing.querySelector(".ty-missing").textContent = value.missing;
    note.textContent = value.note;
    note.hidden = !value.note || Boolean(value.missing);
    if (!before || before.project_id !== value.project_id || before.model !== value.model) reset();
  }

  function reset() {
    stopCamera();
    asking += 1;
    answer = null;
    photo.hidden = heat.hidden = looked.hidden = frame.hidden = problem.hidden = true;
    invite.hidden = false;
    said.replaceChildren(
      make(
        "div",
        { class: "ty-waiting" },
        make("h3", {}, "What will it say?"),
        make("p", {}, "Try photos it has never seen: the easy ones first, then something that is none of these."),
      ),
    );
  }

  function drawAnswer() {
    problem.hidden = true;
    said.replaceChildren(...answerNodes(answer, value.classes));
    said.classList.toggle("ty-live", Boolean(stream));
    looked.hidden = false;
    drawHeat();
  }

  function drawHeat() {
    heat.hidden = !show.checked || !answer;
    if (!heat.hidden) drawMap(heat, answer.map);
  }

  function complain(sentence) {
    problem.textContent = sentence;
    problem.hidden = false;
    said.replaceChildren();
  }

  function picture(address) {
    invite.hidden = true;
    frame.hidden = photo.hidden = false;
    video.hidden = true;
    heat.hidden = true;
    if (photo.src.startsWith("blob:")) URL.revokeObjectURL(photo.src);
    photo.src = address;
  }

  // --- asking --------------------------------------------------------------------------------

  async function ask(question, mine) {
    let found;
    try {
      found = await server.answer({ project_id: value.project_id, ...question });
    } catch {
      found = { refused: UNREADABLE };
    }
    if (mine !== asking) return false;
    if (found.refused) {
      complain(found.refused);
      return false;
    }
    if (found.picture) picture(found.picture);
    answer = found;
    drawAnswer();
    return true;
  }

  function begin() {
    asking += 1;
    answer = null;
    looked.hidden = true;
    problem.hidden = true;
    said.replaceChildren(make("p", { class: "ty-thinking" }, "Looking…"));
    return asking;
  }

  // Until Python said which project is shown there is nothing to ask; a file dropped early is left.
  const ready = () => Boolean(value?.project_id) && !value.missing && shown(element);

  async function askFile(chosen) {
    if (!chosen || !ready()) return;
    stopCamera();
    const mine = begin();
    picture(URL.createObjectURL(chosen));
    // Browsers can't show every format that phones write; Python then sends a picture back.
    photo.onerror = () => {
      photo.hidden = true;
    };
    photo.onload = () => {
      photo.hidden = false;
    };
    try {
      const { path } = await upload(chosen);
      await ask({ path }, mine);
    } catch {
      if (mine === asking) complain(UNREADABLE);
    }
  }

  async function askLink(address) {
    if (!address.trim()) return link.focus();
    stopCamera();
    const mine = begin();
    await ask({ link: address.trim() }, mine);
  }

  // --- the camera ----------------------------------------------------------------------------

  async function startCamera() {
    if (!navigator.mediaDevices?.getUserMedia) {
      return complain("The browser allows the camera only on this computer itself, or over https.");
    }
    try {
      const wanted = matchMedia("(pointer: coarse)").matches ? { facingMode: "environment" } : {};
      stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { width: { ideal: LONGEST_SHOT }, ...wanted } });
    } catch (error) {
      return complain(
        error.name === "NotAllowedError"
          ? "The browser may not use the camera. Click the camera or lock beside the address, allow it, then try again."
          : "No camera could be started. Plug one in, or close other programs that use it.",
      );
    }
    video.srcObject = stream;
    invite.hidden = photo.hidden = true;
    frame.hidden = video.hidden = freeze.hidden = false;
    live.textContent = "Stop the camera";
    live.setAttribute("aria-pressed", "true");
    watchLive(begin());
  }

  async function watchLive(mine) {
    while (stream && mine === asking && element.isConnected) {
      if (document.hidden || !video.videoWidth) await pause(120);
      else if (!shown(element)) return stopCamera();
      else if (!(await ask({ photo: snapshot() }, mine))) return;
      await pause(30);
    }
  }

  const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

  function snapshot() {
    const scale = Math.min(1, LONGEST_SHOT / Math.max(video.videoWidth, video.videoHeight));
    const canvas = make("canvas", { width: Math.round(video.videoWidth * scale), height: Math.round(video.videoHeight * scale) });
    canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/jpeg", 0.92);
  }

  async function takeShot() {
    const shot = snapshot();
    stopCamera();
    const mine = begin();
    picture(shot);
    await ask({ photo: shot }, mine);
  }

  function stopCamera() {
    if (!stream) return;
    stream.getTracks().forEach((track) => track.stop());
    stream = video.srcObject = null;
    asking += 1;
    video.hidden = freeze.hidden = true;
    live.textContent = "Use the camera";
    live.setAttribute("aria-pressed", "false");
    if (photo.hidden) {
      frame.hidden = heat.hidden = true;
      invite.hidden = false;
    }
  }

  // --- dropping and pasting ------------------------------------------------------------------

  listenOnPage(element, {
    dragover: (event) => {
      if (!carriesFiles(event) || !ready()) return;
      event.preventDefault();
      stage.classList.add("ty-over");
    },
    dragleave: (event) => !event.relatedTarget && stage.classList.remove("ty-over"),
    drop: (event) => {
      if (!carriesFiles(event) || !shown(element)) return;
      event.preventDefault();
      stage.classList.remove("ty-over");
      askFile(event.dataTransfer.files[0]);
    },
    paste: (event) => {
      if (!ready() || typing(event) || !event.clipboardData.files.length) return;
      event.preventDefault();
      askFile(event.clipboardData.files[0]);
    },
  });

  watch("value", draw);
  draw();
}
