import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { StreamName } from '../../event/event.ts';
import { linesOf, placed, type Example } from '../example-lines.suite.ts';
import type { Log } from '../log.ts';
import { memoryLog } from '../memory/memory-log.ts';
import { openLmdbLog } from './lmdb-log.ts';

const root = mkdtempSync(join(tmpdir(), 'territory-model-'));
afterAll(() => rmSync(root, { recursive: true }));

type Command =
  | { readonly do: 'append'; readonly stream: StreamName; readonly events: readonly Example[] }
  | { readonly do: 'expect'; readonly events: readonly Example[]; readonly off: number }
  | { readonly do: 'trim'; readonly stream: StreamName; readonly part: number }
  | { readonly do: 'read'; readonly stream: StreamName; readonly part: number }
  | { readonly do: 'at'; readonly stream: StreamName; readonly part: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'reopen' };

const stream = fc.constantFrom<StreamName>('facts', 'readings');
const part = fc.double({ min: 0, max: 1.2, noNaN: true });
const event = fc.record(
  { id: fc.nat(15).map((n) => `e${n}`), subject: fc.constantFrom('x', 'y') },
  { requiredKeys: [] },
);
const events = fc.array(event, { maxLength: 6 });
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('append' as const), stream, events }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('expect' as const),
      events,
      off: fc.constantFrom(0, 0, 1),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('trim' as const), stream, part }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('read' as const), stream, part }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('at' as const), stream, part }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(50) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'reopen' as const }) },
);

/** Everything of an answer that both back ends must agree on. */
async function answer(log: Log, given: Command, start: number): Promise<unknown> {
  switch (given.do) {
    case 'append':
      return log.append(given.stream, linesOf(given.events));
    case 'expect': {
      const expectation = { subject: 'x', version: log.version('x') + given.off };
      const appending = log.append('facts', linesOf(given.events), expectation);
      return appending.catch((error: unknown) => String(error));
    }
    case 'trim':
      return log.trim(given.stream, Math.floor(log.stat(given.stream).next * given.part));
    case 'read':
      return placed(log, given.stream, Math.floor(log.stat(given.stream).next * given.part));
    case 'at':
      return log.offsetAt(given.stream, start + given.part * 200);
    case 'wait':
    case 'reopen':
      return undefined;
  }
}

function view(log: Log): unknown {
  const streams = (['facts', 'readings'] as const).map((name) => {
    const { first, next, oldest } = log.stat(name);
    return { first, next, oldest };
  });
  return [streams, log.version('x'), log.version('y')];
}

test('does what the memory log does, restarts included', async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 3, maxLength: 25 }), async (commands) => {
      let clock = 1_000;
      let trimmed = false;
      const now = (): number => clock;
      runs += 1;
      const options = { dir: join(root, `${runs}`), role: 'writer', now } as const;
      let log = await openLmdbLog(options);
      try {
        const model = memoryLog({ now });
        for (const given of commands) {
          if (given.do === 'wait') clock += given.ms;
          trimmed ||= given.do === 'trim';
          // Identities are rebuilt from what is held; only a model that never stops knows more.
          if (given.do === 'reopen' && !trimmed) {
            await log.close();
            log = await openLmdbLog(options);
          }
          expect(await answer(log, given, 1_000)).toEqual(await answer(model, given, 1_000));
          expect(view(log)).toEqual(view(model));
        }
      } finally {
        await log.close();
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);
