import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Event } from '../../src/event/event.ts';
import { languageTypes } from '../../src/server/rules/loading/language-types.ts';
import type { Heard, Life } from './rules-child.ts';

const kills = 10;
const dir = mkdtempSync(join(tmpdir(), 'territory-rules-crash-'));

const root = join(import.meta.dirname, '../..');
// Beside the packages, because what is built imports its packages from there.
const built = join(root, 'node_modules/.cache', `territory-rules-crash-${process.pid}`);
const child = 'test/crash/rules-child';

/** Built once: each life starts many modules, which through tsx would take seconds. */
beforeAll(async () => {
  mkdirSync(built, { recursive: true });
  const started = [child, 'src/server/rules/running/worker', 'src/rules/rules', 'src/rules/test'];
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir: built,
      target: 'node20',
      rollupOptions: {
        input: Object.fromEntries(started.map((name) => [name, join(root, `${name}.ts`)])),
        external: ['lmdb'],
        preserveEntrySignatures: 'strict',
        output: { preserveModules: true, preserveModulesRoot: root, entryFileNames: '[name].js' },
      },
    },
  });
  writeFileSync(join(built, 'package.json'), '{ "type": "module" }');
  cpSync(await languageTypes(), join(built, 'src'), { recursive: true });
});

afterAll(() => {
  rmSync(built, { recursive: true, force: true });
  rmSync(dir, { recursive: true, force: true });
});

/** One rule for each way to decide: at once, by windows, by a change of what is known. */
const rules = `import { events, rule } from 'territory/rules';

const all = events.where('name = "x"');

rule('each', () => all.emit({ name: 'x.each' }));
rule('windows', { lateness: '100ms' }, () =>
  all.by('service').window({ every: '1s' }).count().emit({ name: 'x.count' }),
);
rule('changes', () =>
  all.by('service').changed('state').alert({ title: '{service} is {state}' }),
);
`;

function begin(life: Omit<Life, 'dir'>): ChildProcess {
  const orders: Life = { dir, ...life };
  return fork(join(built, `${child}.js`), [JSON.stringify(orders)]);
}

async function heard<K extends Heard['kind']>(
  from: ChildProcess,
  kind: K,
): Promise<Extract<Heard, { kind: K }>> {
  for (;;) {
    const [message] = (await once(from, 'message')) as [Heard];
    // The kind is what was asked for, which TypeScript does not see through the generic.
    if (message.kind === kind) return message as Extract<Heard, { kind: K }>;
  }
}

/** How many there are of each. */
function tally(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

test(`after ${kills} kills no decision was made twice, and none was missed`, async () => {
  mkdirSync(join(dir, 'rules'));
  writeFileSync(join(dir, 'rules', 'rules.ts'), rules);
  for (let round = 0; round < kills; round++) {
    const life = begin({ settle: false });
    await heard(life, 'up');
    // Not a wait for something: the moment of the kill is what varies.
    await sleep(300 + ((round * 237) % 700));
    const gone = once(life, 'exit');
    life.kill('SIGKILL');
    await gone;
  }
  const last = begin({ settle: true });
  const { sent, made } = await heard(last, 'settled');
  await once(last, 'exit');
  expect(last.exitCode).toBe(0);
  expect(sent.length).toBeGreaterThan(kills * 100);
  const named = (name: string): readonly Event[] => made.filter((event) => event.name === name);
  expect(named('x.each').map(({ metric }) => metric)).toEqual(sent.map(({ metric }) => metric));
  const windowOf = ({ service, time }: Event): string =>
    `${service} ${Math.floor(time / 1000) * 1000 + 1000}`;
  // Between others there are empty ones, of the time when nobody sent.
  const full = named('x.count').filter(({ metric }) => metric !== 0);
  const counted = full.map((e) => [`${e.service} ${e.time}`, e.metric] as const);
  expect(tally(counted.map(([window]) => window))).toEqual(tally([...new Set(sent.map(windowOf))]));
  expect(Object.fromEntries(counted)).toEqual(tally(sent.map(windowOf)));
  const said = made.filter(({ type }) => type.includes('test-alert'));
  const changes = sent.filter(({ metric = 0 }) => metric % 500 < 5);
  expect(said.map(({ attributes }) => attributes)).toEqual(
    changes.map(({ service, state }) => ({ service, severity: state })),
  );
}, 180_000);
