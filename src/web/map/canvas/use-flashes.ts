import { useState } from 'react';

/** As long as the flash of canvas.css, ms. */
const flashMs = 1_400;
/** When more change together, nobody sees one flash among them, and each costs frames. */
const flashesAtMost = 10;

let begun: number[] = [];

/** Whether one more flash may begin now. */
function mayFlash(): boolean {
  const now = performance.now();
  begun = begun.filter((time) => now - time < flashMs);
  if (begun.length >= flashesAtMost) return false;
  begun.push(now);
  return true;
}

interface Flashes {
  readonly value: string;
  /** Of the flash that is to be seen; 0: none. */
  readonly flash: number;
  readonly changes: number;
}

/** A number that is another one for each flash: a value became another, and few others did. 0: no flash. */
export function useFlashes(value: string): number {
  const [seen, setSeen] = useState<Flashes>({ value, flash: 0, changes: 0 });
  if (seen.value === value) return seen.flash;
  const changes = seen.changes + 1;
  const next = { value, changes, flash: mayFlash() ? changes : 0 };
  setSeen(next);
  return next.flash;
}
