import type {
  Where,
  WhereApp,
  WhereChannel,
  WhereDeploy,
  WhereLane,
  WhereRun,
} from '../server/api/contract-releases.ts';
import type { Terminal } from './terminal.ts';
import { textTable } from './text-table.ts';
import { plural, printable, showTime } from './words.ts';

/** Deploys of an application that are listed. */
const maxListed = 20;

const colours = {
  verified: 'green',
  claimed: 'cyan',
  mixed: 'yellow',
  contradicted: 'red',
  unknown: 'magenta',
} as const;

/** What runs where as a table. */
export function whereText({ lanes }: Where, { style }: Terminal, now: number): string {
  if (lanes.length === 0)
    return 'nothing is known: report a deploy with `territory deploy finished APP VERSION --to ENV`\n';
  const rows = lanes.map((lane) => [
    printable(lane.app),
    printable(lane.environment),
    versionText(lane.version),
    style(colours[lane.verdict], lane.verdict),
    channelsText(lane),
    lane.since === null ? '' : ago(now - lane.since),
    behindText(lane),
    printable(lane.because),
  ]);
  const heads = [
    'application',
    'environment',
    'version',
    'verdict',
    'evidence',
    'since',
    'behind',
    'because',
  ];
  return textTable(
    heads.map((head) => ({ head })),
    rows,
    style,
  );
}

/** By which channels a verdict stands, and how old that is: `S+O+D 12 s ago`. */
function channelsText({ channels = [], age, verdict }: WhereLane): string {
  if (age === null || verdict === 'claimed') return '';
  const by = verdict === 'verified' ? channels.join('+') : '';
  return [by, `${ago(age)} ago`].filter((part) => part !== '').join(' ');
}

/** What is wrong beside the versions; empty where nothing is. */
export function findingsText({ lanes }: Where, { style }: Terminal, now: number): string {
  const lines = lanes.flatMap(({ app, environment, findings = [] }) =>
    findings.map(({ level, text, channel, time }) => {
      const word = style(levelColours[level], level);
      return `${word}  ${printable(app)} in ${printable(environment)}: ${printable(text)} (${channel}, ${ago(now - time)} ago)\n`;
    }),
  );
  return lines.length > 0 ? `\n${lines.join('')}` : '';
}

const levelColours = { critical: 'red', warning: 'yellow', note: 'cyan' } as const;

/** The deploys of one application, newest first. */
export function historyText({ history }: WhereApp, { style }: Terminal): string {
  const rows = history
    .slice(0, maxListed)
    .map((deploy) => [
      showTime(deploy.at),
      printable(deploy.environment),
      versionText(deploy.version),
      deploy.state,
      printable(deploy.actor ?? ''),
      printable(deploy.reason ?? ''),
      deploy.thread,
    ]);
  const heads = ['when', 'environment', 'version', 'state', 'by', 'reason', 'fact'];
  return textTable(
    heads.map((head) => ({ head })),
    rows,
    style,
  );
}

/** The facts and what was seen behind each verdict, channel by channel. */
export function evidenceText({ lanes }: Where, now: number): string {
  return lanes
    .map((lane) => {
      const { app, environment, now: told, runs, evidence = [], contradicted } = lane;
      const lines = told ? toldLines(told) : ['  nobody told'];
      const seen = evidence.length > 0 ? evidence.flatMap((one) => seenLines(one, now)) : [];
      const reported = evidence.length > 0 ? [] : runs.flatMap(reportLines);
      const fact = contradicted
        ? [`  !  contradicted since ${showTime(contradicted.since)} (facts-${contradicted.offset})`]
        : [];
      const head = `${printable(app)} in ${printable(environment)}`;
      return [head, ...lines, ...reported, ...seen, ...fact].join('\n');
    })
    .map((text) => `${text}\n`)
    .join('\n');
}

const channelNames: Readonly<Record<WhereChannel['channel'], string>> = {
  S: 'self',
  O: 'process',
  D: 'disk',
  F: 'front',
  M: 'schema',
  C: 'config',
  B: 'balancer',
};

function seenLines({ channel, runner, word, time, offset, lines }: WhereChannel, now: number) {
  const name = channelNames[channel].padEnd(8);
  const head = `  ${channel}  ${name}  ${word.padEnd(7)}  ${ago(now - time)} ago by ${printable(runner)} (readings-${offset})`;
  return [head, ...lines.map((line) => `       ${printable(line)}`)];
}

const reportLines = ({ version, instances }: WhereRun): string[] =>
  instances.map(
    ({ name, seen, offset }) =>
      `  S  ${printable(name) || 'an instance'} reports ${printable(version)}, last at ${showTime(seen)} (readings-${offset})`,
  );

const toldLines = ({ evidence, version, state }: WhereDeploy): string[] =>
  evidence.map(
    ({ source, time, offset, type }) =>
      `  T  ${versionText(version)} ${state}, told by ${printable(source)} at ${showTime(time)}: ${printable(type)} (facts-${offset})`,
  );

const versionText = (version: string | null): string =>
  version === null ? '–' : printable(version).slice(0, 40);

function behindText({ behind }: WhereLane): string {
  if (!behind) return '';
  return behind.commits === 0
    ? 'level'
    : `${plural(behind.commits, 'commit')} behind ${printable(behind.of)}`;
}

/** `3 min`, `2 h`, `5 d`. */
function ago(ms: number): string {
  if (ms < 60_000) return `${Math.max(0, Math.round(ms / 1000))} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min`;
  return ms < 48 * 3_600_000
    ? `${Math.floor(ms / 3_600_000)} h`
    : `${Math.floor(ms / 86_400_000)} d`;
}
