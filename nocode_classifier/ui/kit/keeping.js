// What is edited on the page and kept by Python: asked one after the other, since answers that
// overtake each other would leave what was chosen before the last edit.

const SETTLES = 800; // milliseconds; an answer that was under way before an edit must not undo it

/** @param ask lets Python keep what it is given, such as `server.keep`. */
export function makeKeeping(ask) {
  let last = Promise.resolve();
  let waiting = 0;
  let touchedAt = 0;

  return {
    /** Fulfilled when all that was edited so far is kept, or was refused. */
    get done() {
      return last;
    },
    get waits() {
      return waiting > 0;
    },
    /** Whether what Python gives can't be older than what was edited here. */
    get settled() {
      return !waiting && Date.now() - touchedAt > SETTLES;
    },
    /** Let Python keep it. */
    async keep(asked) {
      const before = last;
      let over;
      last = new Promise((resolve) => {
        over = resolve;
      });
      waiting += 1;
      touchedAt = Date.now();
      try {
        await before;
        return await ask(asked);
      } finally {
        waiting -= 1;
        touchedAt = Date.now();
        over();
      }
    },
    /** Take what Python gives next, whatever was edited. */
    yield() {
      touchedAt = 0;
    },
  };
}
