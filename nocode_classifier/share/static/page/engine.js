// Asks the worker, and tells what it found.

const TOO_OLD = "This browser is too old to look at photos by itself. Update it, or try a new Chrome, Edge, Firefox or Safari.";
const NOT_FETCHED = "Not everything could be fetched. Check the connection, then try again.";

// A module with one vector instruction, as small as can be: does this browser have them?
const SIMD = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11);

let worker = null;
let last = 0;
const waiting = new Map();

/** Fetch and start everything. `tell` hears how many bytes have come. Throws a sentence. */
export async function load(page, tell) {
  if (!canRun()) throw new Error(TOO_OLD);
  const counts = crossOriginIsolated && threads() > 1 ? [threads(), 1] : [1];
  for (const count of counts) {
    try {
      start();
      return await ask("load", { model: page.model, runtime: page.runtime, threads: count, shortSide: page.short_side }, [], tell);
    } catch (error) {
      stop();
      if (count === 1) throw new Error(error.name === "TypeError" || /\d{3}$/.test(error.message) ? NOT_FETCHED : `It could not be started: ${error.message}`);
    }
  }
}

/** The full answer about a photo's file: {probabilities, familiarity, map}. */
export const lookAtFile = (file) => ask("lookAtFile", { file });

/** The full answer about a bitmap, which is used up. */
export const lookAtPicture = (bitmap) => ask("lookAtPicture", { bitmap }, [bitmap]);

/** A quick look at one view, 0 or 1, of a small bitmap, which is used up. */
export const glance = (bitmap, view) => ask("glance", { bitmap, view }, [bitmap]);

function canRun() {
  return typeof DecompressionStream === "function" && typeof OffscreenCanvas === "function" && WebAssembly.validate(SIMD);
}

/** One core is left to the page itself; more than four gain nothing. */
const threads = () => Math.min(4, (navigator.hardwareConcurrency || 1) - 1);

function start() {
  worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data }) => {
    const asked = waiting.get(data.id);
    if (!asked) return;
    if ("came" in data) return asked.tell?.(data.came);
    waiting.delete(data.id);
    if (data.failed) asked.fail(Object.assign(new Error(data.failed.message), { name: data.failed.name }));
    else asked.done(data.found);
  });
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    const all = [...waiting.values()];
    waiting.clear();
    for (const asked of all) asked.fail(Object.assign(new Error(event.message || "the worker ended"), { name: "TypeError" }));
  });
}

function stop() {
  worker?.terminate();
  worker = null;
}

function ask(kind, asked, transfer = [], tell = null) {
  return new Promise((done, fail) => {
    waiting.set(++last, { done, fail, tell });
    worker.postMessage({ id: last, kind, asked }, transfer);
  });
}
