import type { Where, WhereApp, WhereDeploy, WhereLane } from '../server/api/contract-releases.ts';
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
    lane.since === null ? '' : ago(now - lane.since),
    behindText(lane),
    printable(lane.because),
  ]);
  const heads = ['application', 'environment', 'version', 'verdict', 'since', 'behind', 'because'];
  return textTable(
    heads.map((head) => ({ head })),
    rows,
    style,
  );
}

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

/** The facts and the instances behind each verdict. */
export function evidenceText({ lanes }: Where): string {
  return lanes
    .map((lane) => {
      const { app, environment, now, runs } = lane;
      const told = now ? toldLines(now) : ['  nobody told'];
      const seen = runs.flatMap(({ version, instances }) =>
        instances.map(
          ({ name, seen: at, offset }) =>
            `  S  ${printable(name) || 'an instance'} reports ${printable(version)}, last at ${showTime(at)} (readings-${offset})`,
        ),
      );
      return [`${printable(app)} in ${printable(environment)}`, ...told, ...seen].join('\n');
    })
    .map((text) => `${text}\n`)
    .join('\n');
}

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
