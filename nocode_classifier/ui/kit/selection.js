// Which photos are chosen, with the habits of a file manager.

/** A set of photo ids with an anchor for ranges; `changed` is called after every change. */
export function makeSelection(changed) {
  let chosen = new Set();
  let anchor = null;
  const become = (ids) => {
    chosen = new Set(ids);
    changed();
  };
  return {
    has: (id) => chosen.has(id),
    ids: () => [...chosen],
    get size() {
      return chosen.size;
    },
    only(id) {
      anchor = id;
      become([id]);
    },
    toggle(id) {
      anchor = id;
      if (chosen.has(id)) become([...chosen].filter((other) => other !== id));
      else become([...chosen, id]);
    },
    /** Everything between the anchor and `id`, in the order shown; `also` keeps what was chosen. */
    reach(order, id, also) {
      const from = order.indexOf(anchor);
      if (from < 0) return this.only(id);
      const to = order.indexOf(id);
      const between = order.slice(Math.min(from, to), Math.max(from, to) + 1);
      return become(also ? [...chosen, ...between] : between);
    },
    add(ids) {
      become([...chosen, ...ids]);
    },
    replace: become,
    clear() {
      anchor = null;
      if (chosen.size) become([]);
    },
  };
}
