// The camera of this computer or phone: a tap takes one photo, holding the button takes a burst.
// Each shot goes straight to Python; 'taken' says that a hold has ended, 'choose' names a class.

import { counted, listenOnPage, make, paint, shown } from "../../../kit/dom.js";
import { makeChosenClass } from "../files/chosen_class.js";

const HOLD_AFTER = 300; // milliseconds until a press counts as holding
const EVERY = 200; // milliseconds between the shots of a burst
const IN_FLIGHT = 12; // shots on their way before the burst waits for them
const LONGEST = 1280; // pixels of a shot's longer side
const LATEST = 8; // small pictures under the button

export function start({ element, trigger, props, server, watch }) {
  let value = null;
  const chosen = makeChosenClass({ element, trigger, draw: drawLabels });
  let stream = null;
  let wanted = matchMedia("(pointer: coarse)").matches ? { facingMode: "environment" } : {};
  let hold = null; // {burst, class_id, project, number, timers} while the button is down
  let flying = 0;
  const added = new Map(); // class id -> shots kept since Python last told the count

  const video = make("video", { autoplay: true, playsinline: true, muted: true, "aria-label": "What the camera sees" });
  video.muted = true;
  const flash = make("div", { class: "ph-flash" });
  const problem = make("p", { class: "ph-problem", role: "alert", hidden: true });
  const retry = make("button", { type: "button", hidden: true, onclick: open }, "Try again");
  const which = make("select", {
    hidden: true,
    "aria-label": "Which camera",
    onchange: (event) => {
      wanted = { deviceId: { exact: event.target.value } };
      open();
    },
  });
  const shutter = make("button", { type: "button", class: "ph-shutter", "aria-label": "Take photos: tap for one, hold for many" }, make("span"));
  const labels = make("div", { class: "ph-labels", role: "radiogroup", "aria-label": "Class the shots go to" });
  const counter = make("p", { class: "ph-counter", role: "status" });
  const latest = make("div", { class: "ph-latest", "aria-hidden": "true" });
  const opener = make(
    "button",
    { type: "button", class: "ph-opener", hidden: true, onclick: open },
    make("span", { "aria-hidden": "true" }, "📷"),
    "Use the camera",
  );
  const close = make("button", { type: "button", class: "ph-quiet", onclick: shut }, "Close the camera");
  const studio = make(
    "div",
    { class: "ph-studio", hidden: true },
    make("div", { class: "ph-view" }, video, flash, problem, retry),
    make(
      "div",
      { class: "ph-desk" },
      labels,
      shutter,
      make(
        "p",
        { class: "ph-hint" },
        matchMedia("(pointer: coarse)").matches
          ? "Tap for one photo, hold for five a second."
          : "Click for one photo, hold for five a second. The space bar works too.",
      ),
      counter,
      latest,
      make("div", { class: "ph-row" }, which, close),
    ),
  );
  element.replaceChildren(make("div", { class: "camera" }, opener, studio));

  // --- drawing -------------------------------------------------------------------------------

  function draw() {
    const before = value;
    value = props.value;
    if (!value || !value.project_id) return;
    if (before && before.project_id !== value.project_id) {
      shut();
      latest.replaceChildren();
    }
    chosen.follow(value);
    if (!flying) added.clear(); // these counts have every shot in them
    opener.hidden = !value.classes.length || !studio.hidden;
    drawLabels();
  }

  function drawLabels() {
    labels.replaceChildren(
      ...value.classes.map((label) =>
        paint(
          make(
            "button",
            {
              type: "button",
              class: "ph-chip",
              role: "radio",
              "aria-checked": String(label.id === chosen.id),
              onclick: () => chosen.choose(label.id),
            },
            make("span", { class: "ph-name" }, label.name),
            make("span", { class: "ph-number" }, (label.count + (added.get(label.id) || 0)).toLocaleString("en")),
          ),
          label,
        ),
      ),
    );
    paint(
      studio,
      value.classes.find((label) => label.id === chosen.id),
    );
  }

  // --- the camera ----------------------------------------------------------------------------

  async function open() {
    stop();
    opener.hidden = true;
    studio.hidden = false;
    say(null);
    shutter.focus({ preventScroll: true }); // at once: the space bar would go to the button that was hidden
    if (!navigator.mediaDevices?.getUserMedia) {
      return say("The browser allows the camera only on this computer itself, or over https. Open this page as http://localhost, or add photos from files.");
    }
    try {
      const here = await navigator.mediaDevices.getUserMedia({ audio: false, video: { width: { ideal: LONGEST }, height: { ideal: 720 }, ...wanted } });
      if (studio.hidden) return here.getTracks().forEach((track) => track.stop());
      stream = here;
      video.srcObject = stream;
      const track = stream.getVideoTracks()[0];
      video.classList.toggle("ph-mirrored", isFront(track));
      track.addEventListener("ended", () => say("The camera was taken away. Plug it in again, then try again."));
      await listCameras(track);
      studio.scrollIntoView({ block: "nearest", behavior: "smooth" });
    } catch (error) {
      say(sentenceFor(error));
    }
  }

  video.addEventListener("loadedmetadata", () => {
    video.parentElement.style.aspectRatio = `${video.videoWidth} / ${video.videoHeight}`;
  });

  async function listCameras(track) {
    const cameras = (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.kind === "videoinput");
    which.hidden = cameras.length < 2;
    which.replaceChildren(
      ...cameras.map((camera, index) =>
        make("option", { value: camera.deviceId, selected: camera.deviceId === track.getSettings().deviceId }, camera.label || `Camera ${index + 1}`),
      ),
    );
  }

  function say(sentence) {
    problem.hidden = retry.hidden = !sentence;
    problem.textContent = sentence || "";
    video.hidden = Boolean(sentence);
    shutter.disabled = Boolean(sentence);
    if (sentence?.startsWith("This camera")) wanted = {};
  }

  function stop() {
    release();
    stream?.getTracks().forEach((track) => track.stop());
    stream = video.srcObject = null;
  }

  function shut() {
    stop();
    studio.hidden = true;
    opener.hidden = !value?.classes.length;
  }

  // --- taking --------------------------------------------------------------------------------

  function press() {
    if (hold || !stream || !video.videoWidth || chosen.id === null) return;
    hold = { burst: `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`, class_id: chosen.id, project: value.project_id, number: 0 };
    shutter.classList.add("ph-down");
    shoot();
    hold.wait = setTimeout(() => {
      hold.tick = setInterval(shoot, EVERY);
      shoot();
    }, HOLD_AFTER);
  }

  function release() {
    if (!hold) return;
    clearTimeout(hold.wait);
    clearInterval(hold.tick);
    hold = null;
    shutter.classList.remove("ph-down");
    if (!flying) trigger("taken", {});
  }

  function shoot() {
    if (!hold || flying >= IN_FLIGHT) return;
    const shot = { project_id: hold.project, class_id: hold.class_id, burst: hold.burst, number: ++hold.number };
    const scale = Math.min(1, LONGEST / Math.max(video.videoWidth, video.videoHeight));
    const canvas = make("canvas", { width: Math.round(video.videoWidth * scale), height: Math.round(video.videoHeight * scale) });
    canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
    flash.animate([{ opacity: 0.7 }, { opacity: 0 }], { duration: 150 });
    send(shot, canvas);
  }

  async function send(shot, canvas) {
    flying += 1;
    count(shot.class_id, 1); // at once; taken back if Python refuses
    const small = make("img", { src: miniature(canvas), alt: "" });
    latest.prepend(small);
    while (latest.children.length > LATEST) latest.lastChild.remove();
    try {
      const kept = await server.keep_shot({ ...shot, photo: canvas.toDataURL("image/jpeg", 0.92) });
      if (kept.refused) {
        count(shot.class_id, -1);
        small.remove();
        counter.textContent = kept.refused;
      } else counter.textContent = `${counted(shot.number, "photo")} taken`;
    } catch {
      count(shot.class_id, -1);
      small.remove();
      counter.textContent = "A photo could not be kept. Is the app still running?";
    }
    flying -= 1;
    if (!flying && !hold) trigger("taken", {});
  }

  function count(id, more) {
    added.set(id, (added.get(id) || 0) + more);
    drawLabels();
  }

  shutter.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    shutter.setPointerCapture(event.pointerId);
    press();
  });
  for (const name of ["pointerup", "pointercancel", "lostpointercapture", "contextmenu"]) {
    shutter.addEventListener(name, (event) => {
      if (name === "contextmenu")
        event.preventDefault(); // a long touch must not open a menu
      else release();
    });
  }
  shutter.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.repeat) press();
    if (event.key === "Enter") event.preventDefault();
  });

  listenOnPage(element, {
    keyup: (event) => {
      if (hold && (event.key === " " || event.key === "Enter")) release();
    },
    keydown: (event) => {
      const free = event.target === document.body || studio.contains(event.target);
      if (event.key !== " " || !stream || !shown(element) || !free || event.target === which || event.target === close) return;
      event.preventDefault();
      if (!event.repeat) press();
    },
  });
  addEventListener("blur", release);

  // The camera's light goes out when its step is left, and comes back only when asked for.
  new ResizeObserver(() => {
    if (stream && !shown(element)) shut();
  }).observe(element);
  document.addEventListener("visibilitychange", () => document.hidden && stream && shut());

  watch("value", draw);
  draw();
}

// A camera that shows the person in front of the screen feels right as a mirror; one that looks
// away from them does not. Web cameras of computers rarely say which they are; they face people.
function isFront(track) {
  const facing = track.getSettings().facingMode;
  return facing ? facing === "user" : !/back|rear|environment/i.test(track.label);
}

function sentenceFor(error) {
  return (
    {
      NotAllowedError: "The browser may not use the camera. Click the camera or lock beside the address, allow it, then try again.",
      NotFoundError: "No camera was found. Plug one in and try again, or add photos from files.",
      OverconstrainedError: "This camera is not there any more. Choose another one, or try again.",
      NotReadableError: "Another program is using the camera. Close it, then try again.",
    }[error.name] || "The camera could not be started. Close other programs that use it, then try again."
  );
}

function miniature(canvas) {
  const side = Math.min(canvas.width, canvas.height);
  const small = make("canvas", { width: 112, height: 112 });
  small.getContext("2d").drawImage(canvas, (canvas.width - side) / 2, (canvas.height - side) / 2, side, side, 0, 0, 112, 112);
  return small.toDataURL("image/jpeg", 0.7);
}
