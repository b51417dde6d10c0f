// Which photos are chosen, with the habits of a file manager; kept for the window and the project
// by the browser, over views, pages, steps and a reload.

const CHANGED = "photos-chosen"; // an event of the page: another grid has changed what is chosen

/** A set of photo ids with an anchor for ranges; `changed` is called after every change. */
export function makeSelection(changed) {
  let place = null; // where it is kept
  let chosen = new Set();
  let anchor = null;

  /** What is chosen but not among these: a press on what is shown leaves it as it is. */
  const away = (order) => {
    const here = new Set(order);
    return [...chosen].filter((id) => !here.has(id));
  };
  const become = (ids) => {
    chosen = new Set(ids);
    if (place !== null) {
      write(place, [...chosen]);
      document.dispatchEvent(new CustomEvent(CHANGED, { detail: { place, by: selection } }));
    }
    changed();
  };
  const selection = {
    has: (id) => chosen.has(id),
    ids: () => [...chosen],
    away,
    get size() {
      return chosen.size;
    },
    /** Go on with what was chosen in a project; what is in the bin is chosen apart from the rest. */
    open(project, binned) {
      const asked = `${CHANGED} ${project}${binned ? " bin" : ""}`;
      if (asked === place) return;
      place = asked;
      chosen = new Set(read(place));
      anchor = null;
    },
    /** Listen to another grid that has changed what is chosen in the same place. */
    hear({ detail }) {
      if (detail.by === selection || detail.place !== place) return;
      chosen = new Set(read(place));
      changed();
    },
    /** Of what is shown, choose this alone. */
    only(id, order) {
      anchor = id;
      become([...away(order), id]);
    },
    toggle(id) {
      anchor = id;
      if (chosen.has(id)) become([...chosen].filter((other) => other !== id));
      else become([...chosen, id]);
    },
    /** Everything between the anchor and `id`, in the order shown; `also` keeps what was chosen. */
    reach(order, id, also) {
      const from = order.indexOf(anchor);
      if (from < 0) return this.only(id, order);
      const to = order.indexOf(id);
      const between = order.slice(Math.min(from, to), Math.max(from, to) + 1);
      return become([...(also ? chosen : away(order)), ...between]);
    },
    add(ids) {
      become([...chosen, ...ids]);
    },
    drop(ids) {
      const gone = new Set(ids);
      if (ids.some((id) => chosen.has(id))) become([...chosen].filter((id) => !gone.has(id)));
    },
    /** Of what is shown, choose these alone. */
    replace(ids, order) {
      become([...away(order), ...ids]);
    },
    clear() {
      anchor = null;
      if (chosen.size) become([]);
    },
  };
  return selection;
}

// A browser may be set to keep nothing: then it lasts as long as the page.
function read(place) {
  try {
    return JSON.parse(sessionStorage.getItem(place)) ?? [];
  } catch {
    return [];
  }
}

function write(place, ids) {
  try {
    if (ids.length) sessionStorage.setItem(place, JSON.stringify(ids));
    else sessionStorage.removeItem(place);
  } catch {
    // as above
  }
}
