// What is around the pixels of a photo's file. Browsers heed some of it in one format and not in the
// other, so it is taken off here and heeded as the app does: turned by Exif in JPEG, PNG and WebP,
// colours by an ICC profile or by number (cICP, nclx), and by nothing else.

const JPEG_END = [0xff, 0xd9];
const UNHEEDED = new Set(["eXIf", "gAMA", "cHRM"]); // of PNG

/** The file without what browsers would turn it by: {blob, type, turn 1 to 8}. */
export function unwrap(bytes) {
  const text = (from, to) => String.fromCharCode(...bytes.subarray(from, to));
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return { type: "image/jpeg", ...jpeg(bytes) };
  if (text(0, 8) === "\x89PNG\r\n\x1a\n") return { type: "image/png", ...png(bytes, text) };
  if (text(0, 4) === "RIFF" && text(8, 12) === "WEBP") return { type: "image/webp", ...webp(bytes, text) };
  const type = text(0, 4) === "GIF8" ? "image/gif" : text(4, 12) === "ftypavif" || text(4, 12) === "ftypavis" ? "image/avif" : "";
  return { blob: new Blob([bytes]), type, turn: 1 };
}

/** How it could go on, if a JPEG has no end: with nothing, and with more of a picture; else null. */
export async function endings(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const scan = jpeg(bytes).scan;
  if (scan < 0) return null;
  for (let at = bytes.length - 2; at > scan; at--) if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return null;
  let end = bytes.length; // what unwritten space on a card reads as
  while (end > scan && (bytes[end - 1] === 0 || bytes[end - 1] === 0xff)) end--;
  if (bytes[end] === 0xff && bytes[end + 1] === 0) end += 2;
  const more = Array.from({ length: 17 }, (_, count) => [...(count ? [0xff, 0xd0 + ((count - 1) % 8)] : []), ...Array(40).fill(0x55)]).flat();
  return [JPEG_END, [...more, ...JPEG_END]].map((tail) => new Blob([bytes.subarray(0, end), Uint8Array.from(tail)]));
}

function jpeg(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let turn = 1,
    scan = -1,
    at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff || bytes[at + 1] === 0xff || bytes[at + 1] === 0) {
      at += 1;
      continue;
    }
    const marker = bytes[at + 1],
      end = at + 2 + view.getUint16(at + 2);
    if (marker === 0xe1 && view.getUint32(at + 4) === 0x45786966) turn = upright(view, at + 10, end) ?? turn;
    if (marker === 0xda) {
      scan = end;
      break;
    }
    at = end;
  }
  return { blob: new Blob([bytes]), turn, scan };
}

function png(bytes, text) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept = [bytes.subarray(0, 8)];
  let turn = 1;
  for (let at = 8, end; at + 12 <= bytes.length; at = end) {
    const kind = text(at + 4, at + 8);
    end = at + 12 + view.getUint32(at);
    if (kind === "eXIf") turn = upright(view, at + 8, end) ?? turn;
    if (!UNHEEDED.has(kind)) kept.push(bytes.subarray(at, end));
  }
  return { blob: new Blob(kept), turn };
}

function webp(bytes, text) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let turn = 1;
  for (let at = 12, length; at + 8 <= bytes.length; at += 8 + length + (length % 2)) {
    length = view.getUint32(at + 4, true);
    if (text(at, at + 4) === "EXIF") turn = upright(view, at + 8, at + 8 + length) ?? turn;
  }
  return { blob: new Blob([bytes]), turn };
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
