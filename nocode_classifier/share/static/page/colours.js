// The colour profiles of cameras, phones and screens, converted to sRGB step by step as the app does it
// (predict/matrix_profiles.py): browsers round in their own ways, which the network can tell.

const SRGB_FROM_XYZ = [
  [3.13409566, -1.61740041, -0.49063776],
  [-0.97879269, 1.9162949, 0.03345363],
  [0.07197113, -0.22898711, 1.4053802],
];
const STEPS = 65535;
const SAME = 2; // of 255: a profile that changes no colour by more is one of sRGB's many spellings
const PARAMETERS = [1, 3, 4, 5, 7];
export const LARGEST = 4e6; // bytes of a profile
let coded = null;

/**
 * What turns RGB bytes into sRGB, in place, by a profile; one that does nothing where it is sRGB's, and
 * null where the profile is of another kind, or damaged: that is left to the browser.
 */
export function converterOf(profile) {
  const matrixProfile = read(profile);
  if (!matrixProfile) return null;
  return changesNothing(matrixProfile) ? () => {} : (data) => convert(data, matrixProfile);
}

function convert(data, { curves, matrix }) {
  coded ??= codes();
  for (let at = 0; at < data.length; at += 3) {
    const red = curves[0][data[at]],
      green = curves[1][data[at + 1]],
      blue = curves[2][data[at + 2]];
    for (let channel = 0; channel < 3; channel++) {
      const row = matrix[channel];
      const value = row[0] * red + row[1] * green + row[2] * blue;
      data[at + channel] = coded[Math.floor(Math.min(Math.max(value, 0), 1) * STEPS + 0.5)];
    }
  }
}

function codes() {
  return Uint8Array.from({ length: STEPS + 1 }, (_, step) => {
    const light = step / STEPS;
    return (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055) * 255 + 0.5;
  });
}

function changesNothing(matrixProfile) {
  const steps = Array.from({ length: 18 }, (_, step) => step * 15);
  const colours = Uint8Array.from(steps.flatMap((red) => steps.flatMap((green) => steps.flatMap((blue) => [red, green, blue]))));
  const found = colours.slice();
  convert(found, matrixProfile);
  return found.every((value, at) => Math.abs(value - colours[at]) <= SAME);
}

function read(profile) {
  if (profile.length > LARGEST) return null;
  const view = new DataView(profile.buffer, profile.byteOffset, profile.byteLength);
  const text = (at, length) => String.fromCharCode(...profile.subarray(at, at + length));
  try {
    if (text(36, 4) + text(16, 8) !== "acspRGB XYZ ") return null;
    const places = {};
    for (let number = 0; number < Math.min(view.getUint32(128), 100); number++) {
      const at = 132 + 12 * number;
      places[text(at, 4)] = [view.getUint32(at + 4), view.getUint32(at + 8)];
    }
    if (places.A2B0) return null;
    const channels = ["r", "g", "b"];
    const columns = channels.map((name) => [8, 12, 16].map((more) => view.getInt32(places[`${name}XYZ`][0] + more)));
    const curves = channels.map((name) => curve(view, text, places[`${name}TRC`][0]));
    const matrix = SRGB_FROM_XYZ.map((row) => columns.map(([x, y, z]) => (row[0] * x) / 65536 + (row[1] * y) / 65536 + (row[2] * z) / 65536));
    return curves.flat().every(Number.isFinite) ? { curves, matrix } : null;
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return null; // damaged
    throw error;
  }
}

function curve(view, text, at) {
  const values = Array.from({ length: 256 }, (_, value) => value / 255);
  if (text(at, 4) === "para") {
    const kind = view.getUint16(at + 8);
    const given = Array.from({ length: PARAMETERS[kind] }, (_, number) => view.getInt32(at + 12 + 4 * number) / 65536);
    return values.map((value) => parametric(kind, given, value));
  }
  if (text(at, 4) !== "curv") throw new RangeError("no curve");
  const count = view.getUint32(at + 8);
  if (count === 0) return values;
  if (count === 1) return values.map((value) => value ** (view.getUint16(at + 12) / 256));
  const table = Array.from({ length: count }, (_, number) => view.getUint16(at + 12 + 2 * number));
  return values.map((value) => between(table, value * (count - 1)) / 65535);
}

function between(table, at) {
  const low = Math.min(Math.floor(at), table.length - 2);
  return table[low] + (table[low + 1] - table[low]) * (at - low);
}

function parametric(kind, given, value) {
  let [g, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = given;
  if (kind === 0) [a, d] = [1, -1];
  else if (kind <= 2 && a === 0) throw new RangeError("no curve");
  else if (kind <= 2) [c, d, e, f] = [0, -b / a, c, c];
  return value >= d ? Math.max(a * value + b, 0) ** g + e : c * value + f;
}
