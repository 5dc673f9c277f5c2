import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Lanes } from '../src/checks/lanes/lanes.ts';
import { loadFeatures, mustBeRight } from '../src/checks/run/load.ts';
import { type CheckSettings, noSettings } from '../src/checks/settings/settings.ts';
import type { CheckRun } from '../src/rooms/checks/run.ts';
import type { PlannedCheck } from '../src/server/checks/definitions.ts';
import type { FromWorker } from '../src/server/checks/running/messages.ts';
import { Pulse, pulseMemory } from '../src/server/checks/running/pulse.ts';
import { Scheduling } from '../src/server/checks/running/scheduling.ts';
import { SurroundingsBook } from '../src/server/checks/running/surroundings.ts';
import type { Costs } from './load/checks-runner.ts';
import { machine, ratio } from './report.ts';

/**
 * Claims: (1) a scenario costs at most a fifth of what it costs in cucumber-js 12.9, which runs the
 * same features with the same steps (`peers/cucumber-steps.ts` registers Territory's own), each in a
 * process of its own that is warm, by turns; (2) 1,000 scenarios a minute take less than 25 % of one
 * core, every slot is accounted for, and p99 of how late they begin is under 100 ms while one of 20
 * targets hangs, beside bare timers that are set for the same moments: the server's own scheduling,
 * without what is done with the results.
 *
 * A scenario has six steps, one of which asks its target. "Run again" is what a monitor does each
 * minute: here the plan is kept, cucumber-js reads and plans its features in each run. The other
 * lines compare the same part of both. Wall time is disturbed by others on the machine, CPU time less.
 *
 * usage: checks.ts [scenarios a round] [rounds] [minutes paced]
 */
const scenarios = Number(process.argv[2] ?? 1000);
const rounds = Number(process.argv[3] ?? 5);
const minutes = Number(process.argv[4] ?? 2);

const dir = mkdtempSync(join(tmpdir(), 'territory-bench-'));

const asking = `    Given I am testing "shop" through the full stack
    And I force a cache miss
    When I visit "/"
    Then I should get a 200 status code
    And I should see "Welcome"
    And the header "Cache-Control" should contain "max-age"
`;
const idle = '    * nothing happens\n'.repeat(6);

/** Ten features of scenarios with six steps, one request in each: as those of Smokey were. */
function writeFeatures(name: string, count: number, steps = asking): readonly string[] {
  return Array.from({ length: 10 }, (_, f) => {
    const own = Array.from(
      { length: count / 10 },
      (__, i) => `
  Scenario: ${name} ${f} ${i}
${steps}`,
    );
    const file = join(dir, `${name}-${f}.feature`);
    writeFileSync(file, `Feature: ${name} ${f}\n${own.join('')}`);
    return file;
  });
}

interface Runner {
  readonly name: string;
  readonly run: () => Promise<Costs>;
  readonly stop: () => void;
}

async function runner(name: string, args: readonly string[]): Promise<Runner> {
  const file = join(import.meta.dirname, 'load', 'checks-runner.ts');
  const child = fork(file, args, { execArgv: ['--import', 'tsx'] });
  let tell: (message: unknown) => void = () => {};
  child.on('message', (message) => tell(message));
  const next = async (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error(`${name} ended`));
      child.once('exit', ended);
      tell = (message) => {
        child.off('exit', ended);
        resolve(message);
      };
    });
  await next();
  return {
    name,
    run: async () => {
      const costs = next();
      child.send('run');
      return (await costs) as Costs;
    },
    stop: () => void child.kill(),
  };
}

async function compare(base: string, steps: string): Promise<void> {
  const files = writeFeatures('compare', scenarios, steps);
  const peerName = 'cucumber-js 12.9';
  const ours = ['own, one at a time', 'own, eight at once'] as const;
  const runners = [
    await runner(ours[0], ['own', base, '1', ...files]),
    await runner(ours[1], ['own', base, '8', ...files]),
    await runner(peerName, ['cucumber', base, '1', ...files]),
  ];
  const costs = new Map<string, Costs[]>();
  // The first three warm up.
  for (let round = -3; round < rounds; round++)
    for (const { name, run } of runners) {
      const cost = await run();
      if (round >= 0) costs.set(name, [...(costs.get(name) ?? []), cost]);
    }
  for (const { stop } of runners) stop();
  const of = (name: string, part: 'run' | 'all', what: 'wall' | 'cpu'): number[] =>
    (costs.get(name) ?? []).map((cost) => cost[part][what] / scenarios);
  const compared = [
    ['run again', 'run', 'all'],
    ['once it is planned', 'run', 'run'],
    ['with reading and planning', 'all', 'all'],
  ] as const;
  for (const [said, ownPart, peerPart] of compared)
    for (const what of ['wall', 'cpu'] as const)
      for (const name of ours) {
        const peer = { name: peerName, values: of(peerName, peerPart, what) };
        console.log(
          ratio(`${name}, ${what} a scenario, ${said}`, of(name, ownPart, what), peer, 'ms'),
        );
      }
}

const quantile = (values: readonly number[], q: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(q * values.length) - 1)] ?? Number.NaN;

const lags = (values: readonly number[]): string =>
  `p50 ${quantile(values, 0.5).toFixed(1)}, p99 ${quantile(values, 0.99).toFixed(1)}, max ${Math.max(...values).toFixed(1)} ms (n=${values.length})`;

/** The 20 hosts of the paced run; the last hangs. */
const environments = Array.from({ length: 20 }, (_, i) => `host-${i + 1}`);
const hanging = environments.at(-1) ?? '';

/** 1,000 checks that are due once a minute, as many at each host. */
async function pacedChecks(): Promise<readonly PlannedCheck[]> {
  const plan = await loadFeatures(writeFeatures('paced', 1000), '');
  mustBeRight(plan);
  return plan.scenarios.map((planned, i): PlannedCheck => {
    const environment = environments[i % environments.length] ?? '';
    const id = `${environment}.check-${i}`;
    const steps = planned.steps.map((step) => ({
      ...step,
      values: step.values.map((value) =>
        value === '/' && environment === hanging ? '/hang' : value,
      ),
    }));
    return {
      definition: {
        id,
        name: planned.name,
        kind: 'scenario',
        file: planned.scenario.file,
        line: planned.scenario.line,
        application: undefined,
        environment,
        tags: [],
        route: 'ticket',
        isWarning: false,
        isGate: false,
        interval: 60_000,
        dependsOn: [],
        sha: '',
      },
      run: { kind: 'scenario', planned: { ...planned, steps } },
    };
  });
}

/** What the scheduling of the server tells, counted. */
class Account {
  readonly runs: CheckRun[] = [];
  readonly missed = new Map<string, number>();
  readonly slots = new Set<string>();
  twice = 0;

  readonly take = (message: FromWorker): void => {
    if (message.kind === 'ran') {
      this.runs.push(message.run);
      this.#count(message.run.check, message.run.slot);
    }
    if (message.kind !== 'missed') return;
    for (const { check, slot, slots = 1, why } of message.missed) {
      for (let i = 0; i < slots; i++) this.#count(check, slot - i * 60_000);
      this.missed.set(why, (this.missed.get(why) ?? 0) + slots);
    }
  };

  #count(check: string, slot: number): void {
    const key = `${check} ${slot}`;
    if (this.slots.has(key)) this.twice++;
    this.slots.add(key);
  }
}

async function paced(port: number): Promise<void> {
  const checks = await pacedChecks();
  const settings: CheckSettings = {
    ...noSettings,
    environments: environments.map((name, i) => ({
      name,
      base: `http://127.0.1.${i + 1}:${port}`,
      applications: {},
      allow: [],
      secrets: {},
      datasources: {},
    })),
  };
  // No scenario of it asks for a browser, or for what came in.
  const nothing = {
    take: async () => Promise.reject(new Error('no browser')),
    close: async () => {},
  };
  const ground = { folder: dir, browsers: nothing, stream: () => undefined as never };
  const book = new SurroundingsBook(settings, ground);
  const account = new Account();
  const scheduling = new Scheduling({
    folder: dir,
    lanes: new Lanes(),
    pulse: new Pulse(pulseMemory()),
    post: account.take,
  });
  scheduling.plan(checks, book);
  const [begun, cpu] = [Date.now(), process.cpuUsage()];
  const scheduled = checks.map(({ definition: { id, interval } }) => ({ id, interval }));
  scheduling.schedule({ kind: 'schedule', checks: scheduled, banned: new Map(), suspects: [] });
  const bare = timers(minutes * 1000, 60);
  await new Promise((resolve) => setTimeout(resolve, minutes * 60_000));
  const took = Date.now() - begun;
  const { user, system } = process.cpuUsage(cpu);
  scheduling.stop();
  const { runs, missed, slots, twice } = account;
  const good = runs.filter(({ check }) => !check.startsWith(`${hanging}.`));
  const wrong = good.filter(({ state }) => state !== 'ok');
  if (wrong[0]) console.log(`the first that is not ok: ${wrong[0].check}: ${wrong[0].summary}`);
  console.log(
    `paced: ${((runs.length * 60_000) / took).toFixed(0)} scenarios/min; ${((user + system) / 10 / took).toFixed(1)} % of one core`,
  );
  console.log(
    `slots: ${slots.size} accounted for of ${Math.floor(took / 60)} (one may be due at the very end), ${twice} twice; ${good.length} runs of targets that answer (${wrong.length} not ok), ${runs.length - good.length} of the one that hangs; missed ${JSON.stringify(Object.fromEntries(missed))}`,
  );
  console.log(`begun late, all: ${lags(runs.map(({ lagMs }) => lagMs))}`);
  console.log(`begun late, of targets that answer: ${lags(good.map(({ lagMs }) => lagMs))}`);
  console.log(`bare timers in the same process: ${lags(bare())}`);
}

/** So many timers, one after the other; gives how late each was, ms. */
function timers(count: number, everyMs: number): () => readonly number[] {
  const late: number[] = [];
  const begun = performance.now();
  for (let i = 1; i <= count; i++) {
    const due = i * everyMs;
    const rest = due - (performance.now() - begun);
    setTimeout(() => late.push(Math.max(0, performance.now() - begun - due)), rest).unref();
  }
  return () => late;
}

async function target(): Promise<{ readonly port: number; readonly child: ChildProcess }> {
  const file = join(import.meta.dirname, 'load', 'checks-target.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout }))
    return { port: Number(line), child };
  throw new Error('the target did not start');
}

const { port, child } = await target();
try {
  console.log(machine());
  await compare(`http://127.0.0.1:${port}`, asking);
  console.log('of steps that do nothing:');
  await compare(`http://127.0.0.1:${port}`, idle);
  if (minutes > 0) await paced(port);
} finally {
  child.kill();
  rmSync(dir, { recursive: true });
}
