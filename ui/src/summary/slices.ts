/**
 * How long one slice of work may hold the page, in milliseconds: a key that is pressed meanwhile
 * is answered within the tenth of a second that feels direct, drawing included.
 */
export const SLICE_MS = 12;

/**
 * Runs work that yields now and then, a slice at a time, and hands over its result at the end. The
 * first slice runs at once, so that what is small never flickers. Returns how to stop it.
 */
export function inSlices<T>(work: Generator<void, T>, done: (result: T) => void, now: () => number = () => performance.now()): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const slice = () => {
    const until = now() + SLICE_MS;
    for (;;) {
      const step = work.next();
      if (step.done) {
        done(step.value);
        return;
      }
      if (now() >= until) break;
    }
    timer = setTimeout(slice);
  };
  slice();
  return () => clearTimeout(timer);
}
