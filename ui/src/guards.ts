/** Nothing leaves the screen by copying, dragging, saving or printing; fields may still be pasted into. */
export function installGuards(target: Document): void {
  const prevent = (event: Event) => {
    if (!isField(event.target)) event.preventDefault();
  };
  for (const kind of ["copy", "cut", "dragstart", "contextmenu"]) target.addEventListener(kind, prevent);
  target.addEventListener("drop", (event) => event.preventDefault());
  target.addEventListener("dragover", (event) => event.preventDefault());
  target.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && (key === "p" || key === "s" || key === "u")) event.preventDefault();
  });
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement;
}
