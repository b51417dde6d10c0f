// From a file or a video frame to what the graph takes: RGB bytes, sRGB, upright, on white. Big photos
// are reduced the way the app reduces them, so that both show the network the same pixels.
import { endings, unwrap } from "./wrapping.js";

const STRIP_PIXELS = 4e6; // phones refuse canvases for a whole big photo, so it is read in strips
const MOST_PIXELS = 1e8;
const MOST_JPEG_PIXELS = 2.5e8;
const MOST_FRAMES = 24; // of an animation, that are looked at until one shows something
const MOST_FRAME_PIXELS = 1e8; // of all these frames
const BLANK = 16; // a picture whose colours differ by no more than this, of 255, shows nothing

/**
 * A photo's file as {data: Uint8Array [height * width * 3], width, height, picture}; it throws if it
 * can't. A big one is reduced, but its short side never below `least`. `picture` is a file that
 * shows it where browsers would show it otherwise.
 */
export async function readPhoto(file, least) {
  const { blob, type, turn, convert } = await unwrap(new Uint8Array(await file.arrayBuffer()));
  const isJpeg = type === "image/jpeg";
  const bitmap = await createImageBitmap(isJpeg ? await whole(blob) : blob);
  let photo = bitmapToRgb(bitmap, least, isJpeg);
  if (isBlank(photo)) photo = (await laterFrame(blob, type, least)) || photo;
  convert?.(photo.data);
  photo = turned(photo, turn);
  return { ...photo, picture: turn > 1 && !isJpeg ? await asFile(photo) : null };
}

/** A JPEG with an end; cameras that leave it out write all rows, so nothing changes by what follows. */
async function whole(blob) {
  const ends = await endings(blob);
  if (!ends) return blob;
  const [one, other] = await Promise.all(ends.map(async (each) => pixelsOf(await createImageBitmap(each))));
  if (one.some((value, index) => value !== other[index])) throw new RangeError("rows are missing");
  return ends[0];
}

function pixelsOf(bitmap) {
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  return new Uint32Array(context.getImageData(0, 0, bitmap.width, bitmap.height).data.buffer);
}

function isBlank({ data }) {
  const low = data.slice(0, 3),
    high = data.slice(0, 3);
  for (let at = 3; at < data.length; at++) {
    const channel = at % 3;
    if (data[at] < low[channel]) low[channel] = data[at];
    if (data[at] > high[channel]) high[channel] = data[at];
    if (high[channel] - low[channel] > BLANK) return false;
  }
  return true;
}

/** The first frame of an animation that shows something; null where there is none, or no way to it. */
async function laterFrame(blob, type, least) {
  if (typeof ImageDecoder !== "function" || type === "image/jpeg" || !(await ImageDecoder.isTypeSupported(type))) return null;
  const decoder = new ImageDecoder({ data: await blob.arrayBuffer(), type });
  try {
    await Promise.all([decoder.tracks.ready, decoder.completed]);
    for (let frame = 1, most = decoder.tracks.selectedTrack.frameCount; frame < most; frame++) {
      const { image } = await decoder.decode({ frameIndex: frame });
      most = Math.min(most, MOST_FRAMES, Math.floor(MOST_FRAME_PIXELS / image.displayWidth / image.displayHeight));
      const photo = bitmapToRgb(await createImageBitmap(image), least);
      image.close();
      if (!isBlank(photo)) return photo;
    }
  } catch {
    // a damaged frame ends it, and the first one is whole
  } finally {
    decoder.close();
  }
  return null;
}

/** Turned as Exif says, 1 to 8. */
function turned({ data, width, height }, turn) {
  const from = [
    null,
    null,
    (x, y) => [width - 1 - x, y],
    (x, y) => [width - 1 - x, height - 1 - y],
    (x, y) => [x, height - 1 - y],
    (x, y) => [y, x],
    (x, y) => [y, height - 1 - x],
    (x, y) => [width - 1 - y, height - 1 - x],
    (x, y) => [width - 1 - y, x],
  ][turn];
  if (!from) return { data, width, height };
  const size = turn > 4 ? { width: height, height: width } : { width, height };
  const result = new Uint8Array(data.length);
  for (let y = 0, at = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++, at += 3) {
      const [across, down] = from(x, y);
      const source = 3 * (down * width + across);
      result.set(data.subarray(source, source + 3), at);
    }
  }
  return { data: result, ...size };
}

function asFile({ data, width, height }) {
  const pixels = new ImageData(width, height);
  for (let from = 0, at = 0; from < data.length; from += 3, at += 4) {
    pixels.data.set(data.subarray(from, from + 3), at);
    pixels.data[at + 3] = 255;
  }
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d").putImageData(pixels, 0, 0);
  return canvas.convertToBlob();
}

/** The same for a bitmap, which is used up. */
export function bitmapToRgb(bitmap, least, isJpeg = false) {
  const { width, height } = bitmap;
  if (width * height > (isJpeg ? MOST_JPEG_PIXELS : MOST_PIXELS)) throw new RangeError("too many pixels");
  const by = reduction(Math.min(width, height), least, isJpeg);
  const size = { width: Math.ceil(width / by), height: Math.ceil(height / by) };
  const data = new Uint8Array(size.width * size.height * 3);
  const rows = Math.max(1, Math.floor(STRIP_PIXELS / width / by)) * by;
  const canvas = new OffscreenCanvas(width, Math.min(rows, height));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  for (let top = 0; top < height; top += rows) {
    const tall = Math.min(rows, height - top);
    context.fillStyle = "white";
    context.fillRect(0, 0, width, tall);
    context.drawImage(bitmap, 0, -top);
    const strip = context.getImageData(0, 0, width, tall).data;
    averageInto(data, (top / by) * size.width * 3, strip, width, tall, by);
  }
  bitmap.close();
  return { data, ...size };
}

/**
 * By how much to reduce. The app halves a big JPEG once to three times while decoding it; all that
 * is left to do, and all of anything else, it does by averaging squares of pixels.
 */
function reduction(short, least, isJpeg) {
  const fits = Math.floor(short / (2 * least));
  const halved = isJpeg ? [8, 4, 2].find((each) => fits >= each) || 1 : 1;
  return halved * Math.max(1, Math.floor(Math.ceil(short / halved) / least));
}

/** Average squares of by × by RGBA pixels into RGB; at the edges, what there is of them. */
function averageInto(target, at, strip, width, height, by) {
  if (by === 1) {
    for (let from = 0; from < width * height * 4; from += 4) {
      target[at++] = strip[from];
      target[at++] = strip[from + 1];
      target[at++] = strip[from + 2];
    }
    return;
  }
  for (let top = 0; top < height; top += by) {
    const bottom = Math.min(top + by, height);
    for (let left = 0; left < width; left += by) {
      const right = Math.min(left + by, width);
      let red = 0,
        green = 0,
        blue = 0;
      for (let y = top; y < bottom; y++) {
        for (let from = 4 * (y * width + left); from < 4 * (y * width + right); from += 4) {
          red += strip[from];
          green += strip[from + 1];
          blue += strip[from + 2];
        }
      }
      // In whole numbers, rounded as Pillow rounds them.
      const count = (bottom - top) * (right - left);
      const half = count >> 1;
      const factor = Math.floor(2 ** 24 / count);
      target[at++] = ((red + half) * factor) / 2 ** 24;
      target[at++] = ((green + half) * factor) / 2 ** 24;
      target[at++] = ((blue + half) * factor) / 2 ** 24;
    }
  }
}
