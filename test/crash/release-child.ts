import { buildRelease } from '../../src/release/build.ts';

/** What the test wants of one life of this process. */
export interface ReleaseOrders {
  readonly path: string;
  readonly store: string;
}

const { path, store } = JSON.parse(process.argv[2] ?? '{}') as ReleaseOrders;
process.send?.('began');
await buildRelease({
  path,
  store,
  tag: 'v1',
  again: false,
  env: process.env,
  signal: new AbortController().signal,
  now: Date.now,
  onOutput: () => undefined,
});
process.disconnect?.();
