/** Drawing that can wait, in the order in which it was asked for. */
const queue = new Set<() => void>();
let running = false;

/**
 * Runs `draw` in a frame of its own: several long lists take turns, so that together they hold up
 * the page no more than one does. Returns how to take it back.
 */
export function inTurn(draw: () => void): () => void {
  // A function of its own per call: the same one may be asked for twice.
  const turn = () => draw();
  queue.add(turn);
  if (!running) {
    running = true;
    next();
  }
  return () => void queue.delete(turn);
}

function next(): void {
  requestAnimationFrame(() => {
    // After the frame, not in it: what stands on the screen is painted first.
    setTimeout(() => {
      const [turn] = queue;
      if (turn === undefined) {
        running = false;
        return;
      }
      queue.delete(turn);
      turn();
      next();
    });
  });
}
