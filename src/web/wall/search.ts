import { pickText } from '../kit/pick-text.ts';

/** What the address of a wallboard says beside its token, which stands after the `#`. */
export interface WallSearch {
  /** Seconds for each quadrant in turn; left out: the whole map all the time. */
  readonly rotate?: string;
  /** `light`; dark when left out. */
  readonly theme?: string;
  /** `on`: of the builds, a siren when one turns red. */
  readonly sound?: string;
}

/** Reads the address. */
export const wallSearch = (raw: Record<string, unknown>): WallSearch =>
  pickText(raw, ['rotate', 'theme', 'sound']);

const shortestRotation = 5;

/** How long each quadrant stands, ms; undefined: they do not take turns. */
export function rotationOf({ rotate }: WallSearch): number | undefined {
  if (rotate === undefined) return undefined;
  const seconds = Number(rotate);
  return seconds > 0 ? Math.max(shortestRotation, seconds) * 1000 : undefined;
}

/** The token of an address, which no server log ever has; undefined: the browser's session. */
export function tokenIn(hash: string): string | undefined {
  const token = new URLSearchParams(hash.replace(/^#/, '')).get('token')?.trim();
  return token ? token : undefined;
}
