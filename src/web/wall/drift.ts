/** Where the whole picture stands in turn, px: no line burns into a screen that shows it for months. */
const places = [
  [0, 0],
  [6, 3],
  [10, -4],
  [3, -8],
  [-5, -6],
  [-10, 1],
  [-7, 8],
  [2, 9],
] as const;

/** By how much everything is shifted in this minute (time in ms since the epoch). */
export function driftAt(now: number): readonly [x: number, y: number] {
  return places[Math.floor(now / 60_000) % places.length] ?? places[0];
}

/** The board is drawn for this size, and scaled as a whole to the screen. px. */
export const board = { width: 1920, height: 1080 } as const;

/** How large the board is on a screen: as large as fits, whole. */
export const scaleFor = (width: number, height: number): number =>
  Math.min(width / board.width, height / board.height);
