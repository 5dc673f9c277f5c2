import { test, world, type World } from 'territory/rules/test';

const same = { service: 'queue', environment: 'production' } as const;
/** A reading each 5 s. */
function readings(w: World, name: string, from: number, values: readonly number[]): void {
  for (const [i, metric] of values.entries()) w.at(`${from + 5 * i}s`, { ...same, name, metric });
}
const said = (w: World): string =>
  w
    .actions('alert')
    .map(({ rule, severity }) => `${rule} ${severity}`)
    .filter((one, i, all) => one !== all[i - 1])
    .join();

test('who waits for more than two minutes is told, until the queue is worked off', () => {
  const w = world('./queue.ts');
  readings(w, 'newsroom.queue.oldest', 0, [5, 20, 50, 130, 135, 140, 145, 150, 20, 10, 5, 5, 5]);
  if (said(w) !== 'oldest-waiting critical,oldest-waiting ok')
    throw new Error(`it said ${said(w)}`);
});

test('a lease that ran out is told, and is over after a minute', () => {
  const w = world('./queue.ts');
  w.at('5s', { ...same, type: 'job.expired', attributes: { job: '12' } });
  w.advance('3m');
  if (said(w) !== 'stuck-lease warning,stuck-lease ok') throw new Error(`it said ${said(w)}`);
});

test('a job that kills its workers is told as poison', () => {
  const w = world('./queue.ts');
  w.at('5s', { ...same, type: 'job.dead', attributes: { job: '12', reason: 'killed its worker' } });
  w.advance('5m');
  if (said(w) !== 'poison warning,poison ok') throw new Error(`it said ${said(w)}`);
});

test('what is nowhere is told when it stays so, and not while a count is taken', () => {
  const w = world('./queue.ts');
  readings(w, 'newsroom.queue.lost', 0, [0, 1, 0, 0]);
  if (said(w) !== '') throw new Error(`it said ${said(w)}`);
  readings(w, 'newsroom.queue.lost', 30, [2, 2, 2, 2]);
  if (said(w) !== 'conservation critical') throw new Error(`it said ${said(w)}`);
});

test('a full store is told until a job is taken again', () => {
  const w = world('./queue.ts');
  const worker = { service: 'encoder', environment: 'production' } as const;
  w.at('5s', { ...worker, type: 'job.leased' });
  w.at('9s', { ...worker, type: 'worker.refused', attributes: { reason: 'the store is full' } });
  w.at('60s', { ...worker, type: 'job.leased' });
  if (said(w) !== 'no-room critical,no-room ok') throw new Error(`it said ${said(w)}`);
  if (w.actions('alert')[0]?.service !== 'clips') throw new Error('it is about the store');
});

test('readings of another environment are none of its business', () => {
  const w = world('./queue.ts');
  for (let s = 0; s < 60; s += 5)
    w.at(`${s}s`, {
      service: 'queue',
      environment: 'staging',
      name: 'newsroom.queue.oldest',
      metric: 900,
    });
  if (said(w) !== '') throw new Error(`it said ${said(w)}`);
});
