/** In Node 20; TypeScript knows it from ES2024 on. */
interface WellFormed {
  isWellFormed(): boolean;
}

/** Whether a text holds no half of a surrogate pair: several times faster than a pattern. */
export function isWellFormed(text: string): boolean {
  return (text as unknown as WellFormed).isWellFormed();
}
