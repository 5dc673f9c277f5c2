import { blueGreen } from './blue-green.ts';
import { restart } from './restart.ts';
import { rolling } from './rolling.ts';
import type { Strategy } from './strategy.ts';

/** Every strategy, by the word that a manifest has for it. */
export const strategies: Readonly<Record<Strategy['kind'], Strategy>> = {
  'blue-green': blueGreen,
  rolling,
  restart,
};
