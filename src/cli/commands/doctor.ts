import type { Command } from 'commander';
import { declare } from '../command.ts';
import { type ConfigOptions, addSomeConfigOptions, configFrom } from '../config-options.ts';
import type { Context } from '../context.ts';
import { checkAccounts, checkDirectory, checkDisk, checkSecrets } from '../doctor/directory.ts';
import { checkClock, checkConfig, checkMemory, checkNode } from '../doctor/environment.ts';
import { type Finding, reasonOf, wrong } from '../doctor/finding.ts';
import { checkServer } from '../doctor/network.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import { printable } from '../words.ts';
import type { Config } from '../../server/config/schema.ts';

type DoctorOptions = ConfigOptions & { readonly json?: boolean };

/** Adds `territory doctor`. */
export function addDoctor(program: Command, context: Context): void {
  const command = declare(program, context, {
    usage: 'doctor',
    summary: 'Check the configuration, the data directory and the server; say what to do.',
    description:
      'Changes nothing, and may run beside a server. Ends with 1 when something is wrong. See ' +
      'docs/guides/troubleshooting.md.',
    examples: [
      ['territory doctor', 'with the defaults and the environment'],
      [
        'territory doctor --config /etc/territory.yaml --data /var/lib/territory',
        'an installation',
      ],
      ['territory doctor --json | jq \'.findings[] | select(.level != "ok")\'', 'for a monitor'],
    ],
  });
  addSomeConfigOptions(command, ['data', 'host', 'port'])
    .option('--json', 'print the findings as one JSON document')
    .action(async (options: DoctorOptions) => {
      const findings = await examine(options, context);
      const well = findings.every(({ level }) => level !== 'wrong');
      context.finish(well ? exitCodes.ok : exitCodes.failed);
      await context.terminal.print(
        options.json === true
          ? `${JSON.stringify({ ok: well, findings })}\n`
          : view(findings, context.terminal),
      );
    });
}

async function examine(options: DoctorOptions, context: Context): Promise<Finding[]> {
  const loaded = configFrom(options, context);
  const findings = [
    checkNode(process.version),
    checkClock(context.now(), Date.UTC(2025, 0, 1)),
    ...checkConfig(loaded, options.config),
  ];
  if (!loaded.ok) return findings;
  const { config } = loaded;
  findings.push(checkMemory(config.history.query.memory));
  for (const check of checks(config)) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- in the order of the report
      findings.push(...(await check()));
    } catch (error) {
      findings.push(
        wrong(
          'doctor',
          `a check could not be made: ${reasonOf(error)}`,
          'look at the path it names',
        ),
      );
    }
  }
  return findings;
}

function checks(config: Config): (() => Promise<Finding[]> | Finding[])[] {
  const { data } = config;
  return [
    () => checkDirectory(data),
    () => checkSecrets(data),
    () => checkAccounts(data),
    () => [checkDisk(data, config.log)],
    async () => (await import('../doctor/log.ts')).checkLog(data),
    async () => (await import('../doctor/log.ts')).checkHistory(data),
    () => checkServer(config),
  ];
}

const signs = { ok: 'ok     ', warning: 'WARNING', wrong: 'WRONG  ' } as const;
const colours = { ok: 'green', warning: 'yellow', wrong: 'red' } as const;

function view(findings: readonly Finding[], { style }: Terminal): string {
  const lines = findings.flatMap(({ check, level, message, todo }) => [
    `${style(colours[level], signs[level])} ${check}: ${printable(message)}`,
    ...(todo === undefined ? [] : [`        → ${printable(todo)}`]),
  ]);
  const bad = findings.filter(({ level }) => level === 'wrong').length;
  const doubtful = findings.filter(({ level }) => level === 'warning').length;
  lines.push('', bad + doubtful === 0 ? 'All is well.' : `${bad} wrong, ${doubtful} to look at.`);
  return `${lines.join('\n')}\n`;
}
