// From a file or a video frame to what the graph takes: RGB bytes, upright, on white. Big photos
// are reduced the way the app reduces them, so that both show the network the same pixels.

const STRIP_PIXELS = 4e6; // phones refuse canvases for a whole big photo, so it is read in strips
const MOST_PIXELS = 1e8;

/**
 * A photo's file as {data: Uint8Array [height * width * 3], width, height}; it throws if it can't.
 * A big one is reduced, but its short side never below `least`.
 */
export async function readPhoto(file, least) {
  const start = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  // The app reads colours as they are written, without a profile; so does this.
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: "none", imageOrientation: "from-image" });
  return bitmapToRgb(bitmap, least, start[0] === 0xff && start[1] === 0xd8);
}

/** The same for a bitmap, which is used up. */
export function bitmapToRgb(bitmap, least, isJpeg = false) {
  const { width, height } = bitmap;
  if (width * height > MOST_PIXELS) throw new RangeError("too many pixels");
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
      let red = 0, green = 0, blue = 0;
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
