import { setFlagsFromString } from 'node:v8';

/**
 * Lets heaps of this process grow to three times of what lives in them before all of it is collected
 * (V8's own factor may be as little as 1.1). Bodies and records lie outside of the heap, but V8
 * counts those that came since the last collection against its limit: with 31 MB alive and 45 MB of
 * bodies a second it collected everything several times a second, for half a minute and longer, and
 * requests waited for it (docs/decisions/0009). Call it before there is traffic.
 */
export function collectRarely(): void {
  setFlagsFromString('--heap-growing-percent=200');
}
