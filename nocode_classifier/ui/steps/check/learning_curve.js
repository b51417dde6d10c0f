// The learning curve as a small chart: what was measured, and what more photos are expected to bring.

const NS = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [340, 190, 44, 14, 12, 34];

function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/**
 * @param box holds the chart.
 * @param points [photos, share of right answers], the smallest first; the last is today.
 * @param ahead [photos, share, low, high], from today on.
 */
export function drawCurve(box, { points, ahead, sentence }) {
  const drawn = JSON.stringify([points, ahead]);
  if (box.dataset.drawn === drawn) return;
  box.dataset.drawn = drawn;
  const [low, high] = bounds([...points.map(([, right]) => right), ...ahead.flatMap(([, , ...margin]) => margin)]);
  const most = ahead.at(-1)[0];
  const x = (photos) => (LEFT + ((WIDTH - LEFT - RIGHT) * photos) / most).toFixed(1);
  const y = (share) => (TOP + ((HEIGHT - TOP - BOTTOM) * (high - share)) / (high - low)).toFixed(1);
  const line = (rows) => rows.map(([photos, share]) => `${x(photos)},${y(share)}`).join(" ");
  const now = points.at(-1);
  const levels = [low, (low + high) / 2, high].map((share) => [
    svg("line", { class: "cv-grid", x1: LEFT, x2: WIDTH - RIGHT, y1: y(share), y2: y(share) }),
    text("end", LEFT - 8, Number(y(share)) + 4, `${Math.round(100 * share)}%`),
  ]);
  const above = ahead.map(([photos, , , top]) => [photos, top]);
  const below = ahead.map(([photos, , bottom]) => [photos, bottom]).reverse();
  box.replaceChildren(
    svg(
      "svg",
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `Right answers by number of photos. ${sentence}` },
      ...levels.flat(),
      svg("polygon", { class: "cv-margin", points: line([...above, ...below]) }),
      svg("polyline", { class: "cv-line", points: line(points) }),
      svg("polyline", { class: "cv-line cv-ahead", points: line(ahead) }),
      ...points.map(([photos, share]) => svg("circle", { class: "cv-point", cx: x(photos), cy: y(share), r: photos === now[0] ? 6 : 3.5 })),
      text("middle", x(now[0]), HEIGHT - 12, `${Math.round(now[0]).toLocaleString("en")} now`),
      text("end", WIDTH - RIGHT, HEIGHT - 12, `${most.toLocaleString("en")} photos`),
    ),
  );
}

function text(anchor, x, y, words) {
  return svg("text", { x, y, "text-anchor": anchor }, words);
}

/** Where the axis begins and ends: at tens of percent, with room for every share. */
function bounds(shares) {
  const low = Math.max(0, Math.floor(10 * Math.min(...shares)) / 10);
  const high = Math.min(1, Math.ceil(10 * Math.max(...shares)) / 10);
  return [Math.min(low, high - 0.1), high];
}
