// What is around the pixels of a photo's file. Browsers heed some of it in one format and not in the
// other, so it is taken off here and heeded as the app does: turned by Exif in JPEG, PNG and WebP,
// colours by an ICC profile or by number (cICP, nclx), and by nothing else.

import { converterOf, LARGEST } from "./colours.js";

const JPEG_END = [0xff, 0xd9];
const UNHEEDED = new Set(["eXIf", "gAMA", "cHRM"]); // of PNG

/**
 * The file without what browsers would turn it or change its colours by: {blob, type, turn 1 to 8,
 * convert}. `convert` changes the colours of RGB bytes; it is null where the browser does it.
 */
export async function unwrap(bytes) {
  const { profile, ...wrapped } = await split(bytes, false);
  const convert = profile && converterOf(profile);
  // The first look made Exif say that nothing is to be turned.
  return convert ? { ...wrapped, blob: (await split(bytes, true)).blob, convert } : { ...wrapped, convert: null };
}

/** @param bare whether the profile is left out of the blob. */
async function split(bytes, bare) {
  const text = (from, to) => String.fromCharCode(...bytes.subarray(from, to));
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return { type: "image/jpeg", ...jpeg(bytes, text, bare) };
  if (text(0, 8) === "\x89PNG\r\n\x1a\n") return { type: "image/png", ...(await png(bytes, text, bare)) };
  if (text(0, 4) === "RIFF" && text(8, 12) === "WEBP") return { type: "image/webp", ...webp(bytes, text, bare) };
  const type = text(0, 4) === "GIF8" ? "image/gif" : text(4, 12) === "ftypavif" || text(4, 12) === "ftypavis" ? "image/avif" : "";
  return { blob: new Blob([bytes]), type, turn: 1 };
}

/** How it could go on, if a JPEG has no end: with nothing, and with more of a picture; else null. */
export async function endings(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const { scan } = jpeg(bytes);
  if (scan < 0) return null;
  for (let at = bytes.length - 2; at > scan; at--) if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return null;
  let end = bytes.length; // what unwritten space on a card reads as
  while (end > scan && (bytes[end - 1] === 0 || bytes[end - 1] === 0xff)) end--;
  if (bytes[end] === 0xff && bytes[end + 1] === 0) end += 2;
  const more = Array.from({ length: 17 }, (_, count) => [...(count ? [0xff, 0xd0 + ((count - 1) % 8)] : []), ...Array(40).fill(0x55)]).flat();
  return [JPEG_END, [...more, ...JPEG_END]].map((tail) => new Blob([bytes.subarray(0, end), Uint8Array.from(tail)]));
}

function jpeg(bytes, text = () => "", bare = false) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts = []; // of the profile, in their order
  const kept = [];
  let turn = 1,
    scan = -1,
    from = 0,
    at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff || bytes[at + 1] === 0xff || bytes[at + 1] === 0) {
      at += 1;
      continue;
    }
    const marker = bytes[at + 1],
      end = at + 2 + view.getUint16(at + 2);
    if (marker === 0xe1 && view.getUint32(at + 4) === 0x45786966) turn = upright(view, at + 10, end) ?? turn;
    if (marker === 0xe2 && text(at + 4, at + 16) === "ICC_PROFILE\0") {
      parts[bytes[at + 16]] = bytes.subarray(at + 18, end);
      if (bare) kept.push(bytes.subarray(from, at));
      if (bare) from = end;
    }
    if (marker === 0xda) {
      scan = end;
      break;
    }
    at = end;
  }
  const profile = joined(parts.filter(Boolean));
  return { blob: new Blob([...kept, bytes.subarray(from)]), turn, scan, profile };
}

async function png(bytes, text, bare) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept = [bytes.subarray(0, 8)];
  let turn = 1,
    profile = null,
    numbered = false; // colours by number go before a profile
  for (let at = 8, end; at + 12 <= bytes.length; at = end) {
    const kind = text(at + 4, at + 8);
    end = at + 12 + view.getUint32(at);
    if (kind === "eXIf") turn = upright(view, at + 8, end) ?? turn;
    if (kind === "iCCP") profile = await inflated(bytes.subarray(bytes.indexOf(0, at + 8) + 2, end - 4));
    if (kind === "cICP") numbered = true;
    if (!UNHEEDED.has(kind) && !(bare && kind === "iCCP")) kept.push(bytes.subarray(at, end));
  }
  return { blob: new Blob(kept), turn, profile: numbered ? null : profile };
}

function webp(bytes, text, bare) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let turn = 1,
    profile = null;
  for (let at = 12, length; at + 8 <= bytes.length; at += 8 + length + (length % 2)) {
    length = view.getUint32(at + 4, true);
    if (text(at, at + 4) === "EXIF") turn = upright(view, at + 8, at + 8 + length) ?? turn;
    if (text(at, at + 4) !== "ICCP") continue;
    profile = bytes.slice(at + 8, at + 8 + length);
    if (bare) bytes.set([0x6a, 0x75, 0x6e, 0x6b], at); // "junk", which readers pass over
  }
  if (bare && text(12, 16) === "VP8X") bytes[20] &= ~0x20; // has a profile
  return { blob: new Blob([bytes]), turn, profile };
}

function joined(parts) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes.length ? bytes : null;
}

async function inflated(bytes) {
  const parts = [];
  try {
    const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
    for (let size = 0; ; ) {
      const { done, value } = await reader.read();
      if (done) return joined(parts);
      size += value.length;
      if (size > LARGEST) throw new RangeError("no profile is so large");
      parts.push(value);
    }
  } catch {
    return null; // damaged, too large, or a browser of old
  }
}

/** Read how an Exif block says to turn, and make it say 1; null where it says nothing. */
function upright(view, start, end) {
  try {
    if (view.getUint32(start) === 0x45786966) start += 6; // "Exif", as in JPEG
    const little = view.getUint8(start) === 0x49;
    const table = start + view.getUint32(start + 4, little);
    for (let count = view.getUint16(table, little), at = table + 2; count > 0 && at + 12 <= end; count--, at += 12) {
      if (view.getUint16(at, little) !== 0x0112) continue;
      const size = { 1: 8, 3: 16, 4: 32 }[view.getUint16(at + 2, little)];
      const turn = size && view[`getUint${size}`](at + 8, little);
      if (turn >= 1 && turn <= 8) view[`setUint${size}`](at + 8, 1, little);
      return turn >= 1 && turn <= 8 ? turn : 1;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // broken camera data don't cost the photo
  }
  return null;
}
