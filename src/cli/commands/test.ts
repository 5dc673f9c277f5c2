import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { chromiumBrowsers } from '../../checks/browser/browsers.ts';
import { formats } from '../../checks/formats/formats.ts';
import type { PlannedScenario } from '../../checks/language/plan.ts';
import { vocabularyWith } from '../../checks/own/definition.ts';
import type { Browsers } from '../../checks/run/ports.ts';
import type { RunResult } from '../../checks/run/result.ts';
import type { World } from '../../checks/run/world.ts';
import { besideFeatures, featureFiles } from '../checks/feature-files.ts';
import { OwnStepFiles } from '../checks/own-steps.ts';
import { openOutputs, readOutputs } from '../checks/outputs.ts';
import { prepare } from '../checks/prepare.ts';
import { runTests } from '../checks/run-tests.ts';
import { streamOfServer } from '../checks/stream.ts';
import { collect, declare } from '../command.ts';
import { type ConnectionOptions, addConnectionOptions } from '../connection.ts';
import type { Context } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { Changes } from '../rules/changes.ts';
import { keepRunning } from '../keep-running.ts';

interface TestOptions extends ConnectionOptions {
  readonly env?: string;
  readonly format?: readonly string[];
  readonly tags?: string;
  readonly shuffle?: string | true;
  readonly settings?: string;
  readonly base?: string;
  readonly parallel: string;
  readonly failFast?: boolean;
  readonly screenshots?: string;
  readonly chromium?: string;
  readonly steps?: string;
  readonly watch?: boolean;
}

/** Adds `territory test`. */
export function addTest(program: Command, context: Context): void {
  const names = Object.entries(formats).map(([name, about]) => `${name} (${about})`);
  const command = declare(program, context, {
    usage: 'test <path...>',
    summary: 'Run features as tests against an environment.',
    description:
      'PATH is a feature, a feature with a line (shop.feature:12), or a folder. Environments stand in ' +
      'checks.yaml beside the features. Ends with 0 when every scenario passed, with 1 when one ' +
      'failed, with 5 when none failed and one could not be seen, with 2 when a feature is not ' +
      'right or nothing is chosen. Steps about what came in ask the server that commands talk to. See ' +
      'docs/guides/test-with-features.md.',
    examples: [
      ['territory test features --env staging', 'all of them'],
      ['territory test features --env staging --tags "@gate and not @browser"', 'some of them'],
      ['territory test features/shop.feature:12 --base http://localhost:3000', 'one, as it grows'],
      [
        'territory test features --env staging --format progress --format junit:report.xml',
        'for CI',
      ],
    ],
  });
  command
    .option('--env <NAME>', 'environment of checks.yaml to run against')
    .option('--base <URL>', 'what paths are relative to, in place of that of the environment')
    .option('--settings <FILE>', 'another file than the checks.yaml beside the features')
    .option(
      '--format <FORMAT[:FILE]>',
      `${names.join(', ')}; more than once with files; progress unless given`,
      collect,
    )
    .option('--tags <EXPRESSION>', 'only scenarios with these tags: "@gate and not @app(shop)"')
    .option('--parallel <N>', 'scenarios at the same time', '4')
    .option('--shuffle [SEED]', 'in another order; the seed is told, and gives the same one again')
    .option('--fail-fast', 'begin nothing more after the first failure')
    .option('--screenshots <FOLDER>', 'save what the browser showed when a scenario failed')
    .option('--chromium <PATH>', 'the browser of @browser scenarios; TERRITORY_CHROMIUM, or found')
    .option('--steps <FOLDER>', 'steps of your own, in TypeScript; steps/ beside the features')
    .option('-w, --watch', 'run again whenever a file is saved, until Ctrl-C');
  addConnectionOptions(command).action(async (paths: readonly string[], options: TestOptions) => {
    const { env } = context;
    const browsers = chromiumBrowsers({ path: options.chromium ?? env['TERRITORY_CHROMIUM'] });
    const steps = new OwnStepFiles();
    const run = async (): Promise<ExitCode> => once(paths, options, { browsers, steps }, context);
    try {
      if (options.watch === true)
        await keepRunning(new Changes(foldersOf(paths, options), isRead), run, context);
      else context.finish(await run());
    } finally {
      await browsers.close();
      steps.remove();
    }
  });
}

async function once(
  paths: readonly string[],
  options: TestOptions,
  { browsers, steps }: { readonly browsers: Browsers; readonly steps: OwnStepFiles },
  context: Context,
): Promise<ExitCode> {
  const { terminal, env, signal } = context;
  const wanted = readOutputs(options.format ?? ['progress']);
  const parallel = wholeOf(options.parallel, '--parallel', 1, 64);
  const seed = seedOf(options.shuffle);
  const own = await steps.load(options.steps ?? besideFeatures(paths, 'steps'), signal);
  const { run, surroundingsOf } = await prepare({
    paths,
    environment: options.env,
    settings: options.settings,
    base: options.base,
    tags: options.tags,
    seed,
    env,
    vocabulary: vocabularyWith(own),
    browsers,
    stream: streamOfServer(options, context),
  });
  if (seed !== undefined) terminal.say(`order: --shuffle ${seed}`);
  const outputs = await openOutputs(wanted, terminal);
  const { counts, success } = await runTests(run, {
    formats: outputs.all,
    surroundingsOf,
    parallel,
    failFast: options.failFast === true,
    signal,
    onResult: screenshotsTo(options.screenshots),
  });
  await outputs.close();
  if (success) return exitCodes.ok;
  return counts.critical > 0 ? exitCodes.failed : exitCodes.partly;
}

const isRead = (file: string): boolean => /\.(ts|feature|feature\.md|yaml|json|csv)$/.test(file);

/** Features, the steps beside them, and settings. */
function foldersOf(paths: readonly string[], { steps, settings }: TestOptions): readonly string[] {
  const files = featureFiles(paths).map(({ file }) => dirname(file));
  const own = steps ?? besideFeatures(paths, 'steps');
  const file = settings ?? besideFeatures(paths, 'checks.yaml');
  return [
    ...files,
    ...(own === undefined ? [] : [own]),
    ...(file === undefined ? [] : [dirname(file)]),
  ];
}

function screenshotsTo(folder: string | undefined) {
  let number = 0;
  return async ({ name }: PlannedScenario<World>, { screenshot }: RunResult): Promise<void> => {
    if (folder === undefined || !screenshot) return;
    const words = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
    const file = `${String(++number).padStart(3, '0')}-${words.slice(0, 80)}.png`;
    try {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, file), screenshot);
    } catch (cause) {
      const { code = '' } = cause as NodeJS.ErrnoException;
      throw cliErrors('INPUT', `can not write to ${folder}: ${code}`, {
        field: '--screenshots',
        cause,
      });
    }
  };
}

function seedOf(given: string | true | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (given === true) return Math.floor(Math.random() * 2 ** 31);
  return wholeOf(given, '--shuffle', 0, 2 ** 32 - 1);
}

function wholeOf(text: string, field: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw cliErrors('USAGE', `"${text}" is no whole number from ${least} to ${most}`, { field });
}
