import { useState } from 'react';

/** How often a value has become another since it is shown; 0: never. */
export function useFlashes(value: string): number {
  const [seen, setSeen] = useState({ value, flashes: 0 });
  if (seen.value === value) return seen.flashes;
  const next = { value, flashes: seen.flashes + 1 };
  setSeen(next);
  return next.flashes;
}
