// Runs the graph away from the page's own thread, so that the page stays smooth while it looks.

import { bitmapToRgb, readPhoto } from "./pixels.js";
import * as ort from "./runtime/ort.wasm.min.mjs";

const OUTPUTS = ["probabilities", "familiarity", "activation_map"];

let session = null;
let least = 0; // pixels that the short side of a photo has to keep

const WORK = { load, lookAtFile, lookAtPicture, glance };

addEventListener("message", async ({ data: { id, kind, asked } }) => {
  try {
    postMessage({ id, found: await WORK[kind](asked, id) });
  } catch (error) {
    postMessage({ id, failed: { name: error.name || "Error", message: String(error.message || error) } });
  }
});

/** Fetch the runtime and the model and make them ready; tells how many bytes came meanwhile. */
async function load({ model, runtime, threads, shortSide }, id) {
  least = shortSide;
  const came = { model: 0, runtime: 0 };
  const tell = (which) => (bytes) => {
    came[which] = bytes;
    postMessage({ id, came: came.model + came.runtime });
  };
  const [program, graph] = await Promise.all([unpacked(runtime, tell("runtime")), unpacked(model, tell("model"))]);
  ort.env.wasm.wasmBinary = program;
  ort.env.wasm.numThreads = threads;
  session = await ort.InferenceSession.create(graph, { executionProviders: ["wasm"] });
  const blank = await run({ data: new Uint8Array(3), width: 1, height: 1 }, 0, 2);
  return { classes: blank.probabilities.length };
}

/** Fetch a packed file. Some servers unpack what they send, so its first bytes tell. */
async function unpacked({ path, bytes }, tell) {
  const answer = await fetch(new URL(path, import.meta.url));
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  const parts = [];
  let count = 0;
  for (const reader = answer.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    count += value.length;
    tell(Math.min(count, bytes));
  }
  const file = new Blob(parts);
  const start = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const isPacked = start[0] === 0x1f && start[1] === 0x8b;
  const stream = isPacked ? file.stream().pipeThrough(new DecompressionStream("gzip")) : file.stream();
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The full answer about a photo's file. */
async function lookAtFile({ file }) {
  let photo;
  try {
    photo = await readPhoto(file, least);
  } catch (error) {
    throw Object.assign(new Error(error.message), { name: "Unreadable" });
  }
  return { ...(await run(photo, 0, 2)), picture: photo.picture };
}

/** The full answer about a picture of the camera. */
async function lookAtPicture({ bitmap }) {
  return run(bitmapToRgb(bitmap, least), 0, 2);
}

/** A quick look: at one of the two views of a small frame. View 0 shows the whole frame. */
async function glance({ bitmap, view }) {
  return run(bitmapToRgb(bitmap, least), view, view + 1);
}

async function run({ data, width, height }, first, end) {
  const began = performance.now();
  const results = await session.run(
    {
      photo: new ort.Tensor("uint8", data, [height, width, 3]),
      first_view: number(first),
      end_view: number(end),
    },
    OUTPUTS,
  );
  const probabilities = Array.from(results.probabilities.data);
  return {
    probabilities,
    familiarity: results.familiarity.data[0],
    map: mapOf(results.activation_map, probabilities.indexOf(Math.max(...probabilities))),
    milliseconds: performance.now() - began,
  };
}

const number = (value) => new ort.Tensor("int64", BigInt64Array.of(BigInt(value)), [1]);

/** What speaks for a class, {rows, columns, values 0 to 1}, the strongest spot 1. */
function mapOf({ data, dims: [, rows, columns] }, index) {
  const values = data.slice(index * rows * columns, (index + 1) * rows * columns).map((value) => Math.max(value, 0));
  const most = Math.max(...values, 1e-6);
  return { rows, columns, values: values.map((value) => value / most) };
}
