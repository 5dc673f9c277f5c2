import { onTestFinished } from 'vitest';
import type { Api } from './api.suite.ts';
import { until } from './api.suite.ts';

/** Well-behaved people beside the trouble that a test makes. */
export interface Neighbour {
  /** Ends, and tells what was not taken at once, stored once and seen live in time. */
  readonly troubles: () => Promise<string[]>;
}

let neighbours = 0;
const everyMs = 40;
/** Generous: the machine of the tests may be busy. What is blocked outright takes longer. */
const patienceMs = 3_000;

/** Sends an event every 40 ms, one after the other, and watches a tail for them. */
export async function neighbour(server: Api): Promise<Neighbour> {
  const source = `/neighbour/${++neighbours}`;
  const tail = await server.tail(`?where=${encodeURIComponent(`source = "${source}"`)}`);
  const sentAt: number[] = [];
  const refused: string[] = [];
  let slowest = 0;
  let over = false;
  const sending = (async () => {
    while (!over) {
      const at = performance.now();
      const event = { id: String(sentAt.length), type: 'heartbeat', source };
      sentAt.push(at);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const answer = await server.send(event);
      if (answer.status !== 200 || answer.json.accepted !== 1) refused.push(answer.text);
      slowest = Math.max(slowest, performance.now() - at);
      // oxlint-disable-next-line no-await-in-loop
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  })();
  onTestFinished(async () => {
    over = true;
    await sending.catch(() => undefined);
    tail.close();
  });
  return {
    troubles: async () => {
      over = true;
      await sending;
      await until(() => tail.seen.length >= sentAt.length, 10, 'the neighbour saw all');
      const wrong = tail.seen.filter(({ event }, n) => event.id !== String(n));
      const latest = Math.max(slowest, ...tail.seen.map(({ at }, n) => at - (sentAt[n] ?? 0)));
      return [
        ...refused,
        ...wrong.map(({ event }) => `seen in the wrong place: ${event.id}`),
        ...(latest > patienceMs ? [`had to wait for ${Math.round(latest)} ms`] : []),
      ];
    },
  };
}
