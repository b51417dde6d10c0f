// Small pictures: a photo in the strip, and the map of where the network looked.
import { make } from "./dom.js";

/** A square canvas of the middle of a photo, `side` pixels wide; null if it can't be read. */
export async function thumbnail(file, side) {
  try {
    const bitmap = await createImageBitmap(file);
    const least = Math.min(bitmap.width, bitmap.height);
    const canvas = make("canvas", { width: side, height: side });
    canvas.getContext("2d").drawImage(bitmap, (bitmap.width - least) / 2, (bitmap.height - least) / 2, least, least, 0, 0, side, side);
    bitmap.close();
    return canvas;
  } catch {
    return null;
  }
}

/** A map over the photo: dark where nothing spoke for the answer. */
export function drawMap(canvas, { rows, columns, values }) {
  const small = make("canvas", { width: columns, height: rows });
  const pixels = new ImageData(columns, rows);
  values.forEach((weight, index) => pixels.data.set([14, 20, 26, Math.round(165 * (1 - weight))], 4 * index));
  small.getContext("2d").putImageData(pixels, 0, 0);
  [canvas.width, canvas.height] = [columns * 32, rows * 32];
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(small, 0, 0, canvas.width, canvas.height);
}
