import { countedText } from '../problems/words.ts';
import type { Seen } from '../seen.ts';
import type { Environments } from './environments.ts';
import { type Sketch, grouped, seenComment } from './sketch.ts';

/** Hosts with names alike that are one node: `web-1` to `web-9`. */
const alike = 4;
const maxHosts = 60;

/**
 * Draws hosts of which something is said beside what services say. Those whose names differ only in
 * what follows from the first digit on are one node. Returns what is seen of hosts that had no room.
 */
export function drawHosts(
  sketch: Sketch,
  seen: readonly Seen[],
  { isBefore }: Environments,
): readonly Seen[] {
  const own = seen.filter(
    ({ service, host, environment }) =>
      service === undefined && host !== undefined && !isBefore(environment),
  );
  const hosts = grouped(own, ({ host }) => host);
  const stems = grouped([...hosts.keys()], (host) => host.replace(/\d.*$/, ''));
  const left: Seen[] = [];
  let drawn = 0;
  for (const [stem, names] of stems) {
    if (names.length >= alike && stem.length >= 2) {
      const those = names.flatMap((name) => hosts.get(name) ?? []);
      sketch.node(stem, {
        quadrant: 'production',
        kind: 'cluster',
        names: { host: `${stem}*` },
        comment: `${countedText(names.length, 'host')}, ${seenComment(those)}`,
      });
      continue;
    }
    for (const name of names) {
      const those = hosts.get(name) ?? [];
      if (drawn++ >= maxHosts) left.push(...those);
      else
        sketch.node(name, {
          quadrant: 'production',
          kind: 'host',
          group: 'hosts',
          names: { host: name },
          comment: seenComment(those),
        });
    }
  }
  return left;
}
