import { Writable } from 'node:stream';
import { mustBeRight, planOfTexts, textOf } from '../../src/checks/run/load.ts';
import { outboundOf } from '../../src/checks/run/outbound.ts';
import { runScenario } from '../../src/checks/run/scenario.ts';
import { words } from './checks-words.ts';

/**
 * A process of its own that runs features each time it is told to, and tells what that cost.
 * usage, by fork: checks-runner.ts own|cucumber BASE AT_ONCE FILE...
 */
const [, , runner = '', base = '', atOnce = '1', ...files] = process.argv;

interface Cost {
  /** ms. */
  readonly wall: number;
  readonly cpu: number;
}

/** What running the scenarios cost, and all of it with reading and planning. */
export interface Costs {
  readonly run: Cost;
  readonly all: Cost;
}

/** A runner says when it has planned and begins with the scenarios. */
type Work = (begins: () => void) => Promise<void>;

async function costsOf(work: Work): Promise<Costs> {
  const now = () => ({ at: performance.now(), cpu: process.cpuUsage() });
  const started = now();
  let begun = started;
  await work(() => {
    begun = now();
  });
  const ended = now();
  const since = (from: typeof started): Cost => ({
    wall: ended.at - from.at,
    cpu: (ended.cpu.user + ended.cpu.system - from.cpu.user - from.cpu.system) / 1000,
  });
  return { run: since(begun), all: since(started) };
}

const outbound = outboundOf(['127.0.0.0/8']);
const { signal } = new AbortController();

const own: Work = async (begins) => {
  const texts = await Promise.all(
    files.map(async (file) => ({ file, text: await textOf(file, '') })),
  );
  const { plan } = planOfTexts(texts, words);
  mustBeRight(plan);
  begins();
  const left = [...plan.scenarios];
  const surroundings = { base, outbound, secret: () => undefined };
  const lane = async (): Promise<void> => {
    for (let one = left.pop(); one; one = left.pop()) {
      const { state, failure, name } = await runScenario(one, surroundings, signal);
      if (state !== 'passed') throw new Error(`${name}: ${failure?.message}`);
    }
  };
  await Promise.all(Array.from({ length: Number(atOnce) }, lane));
};

/** Loads the steps once; each run reads and plans the features. */
async function cucumber(): Promise<Work> {
  process.env['CHECKS_TARGET'] = base;
  const { loadConfiguration, loadSupport, runCucumber } = await import('@cucumber/cucumber/api');
  const nowhere = new Writable({ write: (_, __, done) => done() });
  const environment = { cwd: '/', stdout: nowhere, stderr: process.stderr };
  const provided = {
    paths: files,
    import: [`${import.meta.dirname}/../peers/cucumber-steps.ts`],
    format: ['progress'],
  };
  const { runConfiguration } = await loadConfiguration({ provided }, environment);
  const support = await loadSupport(runConfiguration, environment);
  return async (begins) => {
    let isFirst = true;
    const { success } = await runCucumber(
      { ...runConfiguration, support },
      environment,
      ({ testCaseStarted }) => {
        if (isFirst && testCaseStarted) begins();
        if (testCaseStarted) isFirst = false;
      },
    );
    if (!success) throw new Error('cucumber-js failed');
  };
}

const work = runner === 'own' ? own : await cucumber();
process.on('message', () => void costsOf(work).then((costs) => process.send?.(costs)));
process.send?.('ready');
