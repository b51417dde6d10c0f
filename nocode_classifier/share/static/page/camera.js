// The live camera: quick looks as fast as the device can, and full pictures.
import { glance } from "./engine.js";

// Most networks see 224 pixels, so this is plenty; phones get more for the eye, as they have the means
// to draw it.
const SIZE = matchMedia("(pointer: coarse)").matches ? { width: 1280, height: 960 } : { width: 640, height: 480 };
const FRAME_SIDE = 256; // short side of a frame for a quick look; the network sees 224 pixels
const RECENT = 1500; // milliseconds over which looks a second are counted

let stream = null;
let video = null;
let facing = matchMedia("(pointer: coarse)").matches ? "environment" : "user";

export const isLive = () => Boolean(stream);

/** Start the camera in a video element. Throws a sentence. */
export async function open(element) {
  close();
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new Error("The browser allows the camera only on pages that begin with https.");
  }
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { width: { ideal: SIZE.width }, height: { ideal: SIZE.height }, facingMode: facing },
    });
  } catch (error) {
    throw new Error(sentenceFor(error), { cause: error });
  }
  video = element;
  video.srcObject = stream;
  video.muted = true;
  await video.play();
  const track = stream.getVideoTracks()[0];
  // A camera that shows the person in front of it feels right as a mirror.
  const seen = track.getSettings().facingMode;
  video.classList.toggle("mirrored", seen ? seen === "user" : facing === "user");
  return track;
}

export function close() {
  stream?.getTracks().forEach((track) => track.stop());
  if (video) video.srcObject = null;
  stream = video = null;
}

export function flip() {
  facing = facing === "user" ? "environment" : "user";
}

export async function hasSeveral() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter((device) => device.kind === "videoinput").length > 1;
}

/**
 * Look again and again until the camera is closed. The graph's two views are looked at in turn, and
 * an answer is the mean of the latest two: half the work a frame, and a calmer answer.
 * `tell` hears {probabilities, familiarity, map, rate: looks a second}.
 */
export async function watch(tell) {
  const mine = stream;
  const frames = framesOf(video);
  const views = [null, null];
  const times = [];
  let map = null;
  for (let turn = 0; stream === mine; turn = 1 - turn) {
    await frames.next();
    if (stream !== mine || !video.videoWidth) continue;
    views[turn] = await glance(await smallFrame(), turn);
    if (stream !== mine) return;
    // The map is that of the view that shows the whole frame.
    if (turn === 0) map = views[0].map;
    times.push(performance.now());
    while (times.at(-1) - times[0] > RECENT) times.shift();
    const rate = times.length > 1 ? (1000 * (times.length - 1)) / (times.at(-1) - times[0]) : 0;
    tell({ ...mean(views.filter(Boolean)), map, rate });
  }
}

/** The picture as the camera sees it now: a bitmap to look at, and a file to show. */
export async function takePicture() {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  canvas.getContext("2d").drawImage(video, 0, 0);
  const file = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.92));
  return { bitmap: await createImageBitmap(canvas), file };
}

function smallFrame() {
  const scale = Math.min(1, FRAME_SIDE / Math.min(video.videoWidth, video.videoHeight));
  return createImageBitmap(video, {
    resizeWidth: Math.round(video.videoWidth * scale),
    resizeHeight: Math.round(video.videoHeight * scale),
    resizeQuality: "medium",
  });
}

function mean(views) {
  const [first] = views;
  return {
    probabilities: first.probabilities.map((_, index) => views.reduce((sum, view) => sum + view.probabilities[index], 0) / views.length),
    familiarity: views.reduce((sum, view) => sum + view.familiarity, 0) / views.length,
  };
}

/** Waits for a frame that was not looked at yet, at once if one has come meanwhile. */
function framesOf(element) {
  const request = element.requestVideoFrameCallback?.bind(element) || requestAnimationFrame;
  let fresh = true;
  let wake = null;
  const came = () => {
    fresh = true;
    wake?.();
    if (element.srcObject) request(came);
  };
  request(came);
  return {
    async next() {
      // Now and then even without a frame, to notice that the camera was closed.
      if (!fresh)
        await new Promise((done) => {
          wake = done;
          setTimeout(done, 500);
        });
      fresh = false;
    },
  };
}

function sentenceFor(error) {
  return (
    {
      NotAllowedError: "The browser may not use the camera. Tap the lock or camera beside the address, allow it, then try again.",
      NotFoundError: "No camera was found. Choose a photo instead.",
      NotReadableError: "Another app is using the camera. Close it, then try again.",
    }[error.name] || "The camera could not be started. Close other apps that use it, then try again."
  );
}
