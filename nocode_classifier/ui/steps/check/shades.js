// Colours of cells by how much is in them, each with an ink that can be read on it.

const PAPER = { light: [255, 255, 255], dark: [33, 29, 25] };
const RIGHT = { light: [31, 107, 82], dark: [77, 162, 132] };
const WRONG = { light: [179, 50, 31], dark: [255, 140, 115] };

/** Contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/**
 * @param share of a row that is in the cell, 0 to 1.
 * @param right whether the cell is of right answers.
 * @param scheme "light" or "dark".
 * @returns `fill` and `ink`, [red, green, blue]; of black and white one has a contrast of 4.5 to any colour.
 */
export function shade(share, right, scheme) {
  const strong = (right ? RIGHT : WRONG)[scheme];
  const much = share > 0 ? 0.12 + 0.88 * share ** 0.7 : 0;
  const fill = PAPER[scheme].map((part, at) => Math.round(part + (strong[at] - part) * much));
  const inks = [
    [0, 0, 0],
    [255, 255, 255],
  ];
  const ink = inks.reduce((best, each) => (contrast(fill, each) > contrast(fill, best) ? each : best));
  return { fill, ink };
}

/** Both schemes as the variables that "confusion.css" reads. */
export function shadeStyle(share, right) {
  return ["light", "dark"]
    .map((scheme) => {
      const { fill, ink } = shade(share, right, scheme);
      return `--${scheme}-fill:rgb(${fill});--${scheme}-ink:rgb(${ink})`;
    })
    .join(";");
}

function luminance(colour) {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
