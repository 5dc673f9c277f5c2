import { resolve } from 'node:path';

/** What every program of the demo in this folder has in TERRITORY_TASK. */
export const cookieOf = (home: string): string => `demo:${resolve(home)}`;
