import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FactsFrom } from '../../rooms/map/flow/facts.suite.ts';
import { dataDir, startServer } from '../../server/compose/running.suite.ts';
import { type Ran, runHere } from '../running.suite.ts';

const nodes = `schema: territory.map/1
nodes:
  helpdesk: {quadrant: support, kind: role}
`;
const streams = `streams:
  recovery:
    title: Recovery
    item: incident
    stages:
      - {id: detect, title: Detect, node: helpdesk, enter: incident.detected, exit: incident.acknowledged}
      - {id: resolve, title: Resolve, node: helpdesk, exit: incident.resolved}
  support:
    title: Support
    item: case
    stages:
      - {id: answer, title: Answer, node: helpdesk, enter: ticket.created, exit: ticket.closed}
`;
const hour = 3_600_000;
const begin = Math.floor(Date.now() / hour) * hour - 100 * hour;
const facts = new FactsFrom(begin);

async function serve(map: string): Promise<(...args: readonly string[]) => Promise<Ran>> {
  const data = dataDir();
  mkdirSync(join(data, 'map'), { recursive: true });
  writeFileSync(join(data, 'map', 'map.yaml'), map);
  const { url, token, send, ask } = await startServer({ data });
  const env = { TERRITORY_URL: url, TERRITORY_TOKEN: token };
  const run = (...args: readonly string[]): Promise<Ran> =>
    runHere(['map', 'times', ...args], { env });
  for (let at = 0; at < 4; at++) {
    const steps = [10 * at, 10 * at + 1, 10 * at + 3 + at];
    const told = ['detected', 'acknowledged', 'resolved'].map((what, step) =>
      facts.incident(steps[step] ?? 0, what, `Q${at}`),
    );
    // oxlint-disable-next-line no-await-in-loop -- in this order
    await send(told);
  }
  // The map is read and the facts are followed by others at their own pace.
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- polling is all that there is
    const { code, err } = await run();
    // oxlint-disable-next-line no-await-in-loop -- the same
    const { nodes: read = [] } = (await (await ask('/api/v1/map')).json()) as { nodes?: unknown[] };
    if (read.length > 0 && code === 0) return run;
    if (code !== 0 && !/TERR_ROOM_STARTING/.test(err)) throw new Error(err);
  }
}

test('the times of all streams are printed, or of one, or as the API has them', async () => {
  const run = await serve(nodes + streams);
  const all = await run('--from', String(begin), '--to', String(begin + 50 * hour));
  expect(all).toMatchObject({ code: 0, err: '' });
  expect(all.out.replaceAll(/\d{4}-\S+ \S+Z/g, '(time)')).toBe(`Recovery  (time) to (time)
finished       4
in progress    0
lead time      4 h (85 %: 6 h, 95 %: 6 h)
worked on      no data
right at once  100 %
done for       4 defect

stage    left it  lead time  wait     work   rework     %C/A  in it  Little's law
Detect         4        1 h   1 h  no data  no data  no data      0  too little to tell
Resolve        4        3 h   3 h  no data  no data    100 %      0  too little to tell

Resolve makes incidents wait longest: 3 h of a median lead time of 4 h (4 items).

Support  (time) to (time)
finished       0
in progress    0
lead time      no data
worked on      no data
right at once  no data
done for       no data

stage   left it  lead time     wait     work   rework     %C/A  in it  Little's law
Answer        0    no data  no data  no data  no data  no data      0  too little to tell
`);
  const one = await run('recovery', '--from', '7d', '--json');
  expect(JSON.parse(one.out)).toMatchObject({ stream: 'recovery', flow: { velocity: 4 } });
  const none = await run('delivery');
  expect(none.code).not.toBe(0);
  expect(none.err).toContain('no stream is called "delivery": the map has recovery, support');
  expect((await run('recovery', '--from', 'yesterday')).err).toContain('is no time');
});

test('a map without streams is said to have none', async () => {
  const run = await serve(nodes);
  expect(await run()).toMatchObject({ code: 0, out: /^the map has no streams/ });
});
