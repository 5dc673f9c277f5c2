import type { HealthWord, MapHealth } from '../../server/api/contract-map.ts';
import type { Terminal } from '../terminal.ts';
import { printable } from '../words.ts';

const words: Readonly<Record<HealthWord, string>> = {
  ok: 'ok',
  'at-risk': 'at risk',
  degraded: 'degraded',
  down: 'down',
  'no-evidence': 'no evidence',
};
const colours = {
  ok: 'green',
  'at-risk': 'yellow',
  degraded: 'red',
  down: 'red',
  'no-evidence': 'dim',
} as const;

/** A state as people read it. */
export const stateText = (state: HealthWord, style: Terminal['style']): string =>
  style(colours[state], words[state]);

/** Why something is as it is: `← api ← db`, or what is seen of it by itself. */
export function becauseText({ because, evidence, contradiction }: MapHealth): string {
  const way = because.slice(1).map((id) => `← ${printable(id)}`);
  const [worst] = evidence.filter(({ stale }) => !stale);
  const own = way.length === 0 && because.length > 0 && worst ? [printable(worst.text)] : [];
  const doubt = contradiction ? ['(seen to be good: is the map right?)'] : [];
  return [...way, ...own, ...doubt].join(' ');
}
