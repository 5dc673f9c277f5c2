import type { Standing } from '../fold.ts';
import { type Known, isTold } from '../runs.ts';
import type { Letter } from './agreeing.ts';
import type { DiskSeen, OsSeen } from './evidence.ts';
import { type Watched, freshOf, isFresh } from './looks.ts';
import { type Entry, entriesOf, isDown } from './serving.ts';

/** What is wrong beside the version. */
export const findingKinds = [
  'files-gone',
  'disk-differs',
  'files-added',
  'schema-drift',
  'config-differs',
  'balancer',
  'foreign-process',
  'by-hand',
  'down',
  'silent',
  'disagrees',
  'front',
] as const;
export type FindingKind = (typeof findingKinds)[number];

/** `critical`: customers are at risk now; `warning`: at the next start or switch; `note`: to be known. */
export const findingLevels = ['critical', 'warning', 'note'] as const;

/** One thing that is not as it should be, though the version may be right. */
export interface Finding {
  readonly kind: FindingKind;
  readonly level: (typeof findingLevels)[number];
  readonly channel: Letter;
  /** A sentence without its dot. */
  readonly text: string;
  /** When it was seen last, ms since the epoch, UTC. */
  readonly time: number;
}

/** Of one lane that are told. */
const maxFindings = 50;

/** What the fresh looks found beside the version, the worst first. */
export function findingsOf(
  { watched = [], now }: Known,
  standing: Standing | undefined,
): Finding[] {
  const found = watched
    .filter((one) => isFresh(one, now))
    .flatMap((one) => [
      ...ofEntries(one, now),
      ...ofDisk(one, now),
      ...ofSchema(one, now),
      ...ofConfig(one, now),
      ...ofBalancer(one, now, standing),
      ...ofFront(one, now),
    ]);
  const worst = (one: Finding): number => findingLevels.indexOf(one.level);
  return found.toSorted((a, b) => worst(a) - worst(b)).slice(0, maxFindings);
}

function ofEntries(watched: Watched, now: number): Finding[] {
  const { os, self } = watched.channels;
  return (entriesOf(watched, now) ?? []).flatMap((entry) => [
    ...entry.os.flatMap((one) => ofListener(one, entry, os.time)),
    ...ofAnswer(entry, self.time),
  ]);
}

const pids = ({ pid, exe }: OsSeen): string =>
  pid === null ? 'of another user' : `${pid}${exe ? ` (${exe.split('/').at(-1)})` : ''}`;

function ofListener(one: OsSeen, { slot, serves }: Entry, time: number): Finding[] {
  const { port, version, listening, ours, wanted, pid } = one;
  const of = (kind: FindingKind, level: Finding['level'], text: string): Finding[] => [
    { kind, level, channel: 'O', text, time },
  ];
  if (listening === false)
    return wanted === 'up'
      ? of('down', 'critical', `nothing listens on port ${port} (${slot})`)
      : [];
  if (ours) return [];
  const level = serves ? 'critical' : 'warning';
  if (pid === null || version === null)
    return of('foreign-process', level, `a foreign process is on port ${port}: ${pids(one)}`);
  return of(
    'by-hand',
    level,
    `${version} was started by hand on port ${port}: process ${pids(one)}`,
  );
}

/** What S says of it, against what O sees. */
function ofAnswer(entry: Entry, time: number): Finding[] {
  const { slot, port, self, os } = entry;
  if (!self) return [];
  const of = (kind: FindingKind, level: Finding['level'], text: string): Finding[] => [
    { kind, level, channel: 'S', text, time },
  ];
  const folder = os.find(({ version }) => version !== null)?.version;
  if (self.version !== null && folder && folder !== self.version)
    return of(
      'disagrees',
      'warning',
      `${slot} says ${self.version}, and runs from the folder of ${folder}`,
    );
  if (self.version !== null || isDown(entry) || !entry.serves) return [];
  const level = self.error?.startsWith('its manifest') === true ? 'note' : 'critical';
  return of(
    'silent',
    level,
    `${slot} on port ${port} tells no version: ${self.error ?? 'it gave none'}`,
  );
}

function ofDisk(watched: Watched, now: number): Finding[] {
  const { channels, every } = watched;
  const disk = freshOf(channels.disk, every, now) ?? [];
  const listeners = freshOf(channels.os, every, now) ?? [];
  const runs = new Set(listeners.flatMap(({ version }) => version ?? []));
  const told = disk.flatMap((one) => ofFolder(one, runs.has(one.version), channels.disk.time));
  const gone = new Set(disk.filter((one) => one.gone === true).map(({ version }) => version));
  // Renamed, and another folder stands in its place: only the process itself tells.
  const moved = listeners.filter((one) => one.gone && !gone.has(one.version ?? ''));
  return [
    ...told,
    ...moved.map(({ slot, port, version }): Finding => ({
      kind: 'files-gone',
      level: 'critical',
      channel: 'O',
      text: `files gone: ${slot ?? port} can not be restarted; the folder that ${version ?? 'it'} runs from was removed or renamed`,
      time: channels.os.time,
    })),
  ];
}

function ofFolder(seen: DiskSeen, isRunning: boolean, time: number): Finding[] {
  const { version, changed, missing, added, gone } = seen;
  const of = (kind: FindingKind, level: Finding['level'], text: string): Finding => ({
    kind,
    level,
    channel: 'D',
    text,
    time,
  });
  const level = isRunning ? 'critical' : 'warning';
  if (gone === true) {
    const what = isRunning
      ? `${version} can not be restarted`
      : `there is no way back to ${version}`;
    return [of('files-gone', level, `files gone: ${what}`)];
  }
  const found: Finding[] = [];
  if (changed.length > 0)
    found.push(of('disk-differs', level, `disk differs in ${version}: ${listed(changed)}`));
  if (missing.length > 0)
    found.push(of('disk-differs', level, `files are missing in ${version}: ${listed(missing)}`));
  if (added.length > 0)
    found.push(of('files-added', 'note', `beside the files of ${version}: ${listed(added)}`));
  return found;
}

/** The first few, and how many more. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

function ofSchema({ channels, every }: Watched, now: number): Finding[] {
  return (freshOf(channels.schema, every, now) ?? []).flatMap(({ db, drift }) =>
    drift.map(({ text, kind }): Finding => ({
      kind: 'schema-drift',
      level: kind === 'missing' ? 'critical' : 'warning',
      channel: 'M',
      text: `schema drift in ${db}: ${text}`,
      time: channels.schema.time,
    })),
  );
}

function ofConfig({ channels, every }: Watched, now: number): Finding[] {
  return (freshOf(channels.config, every, now) ?? [])
    .filter(({ running }) => running === null)
    .map(({ slot, differ = [] }) => ({
      kind: 'config-differs',
      level: 'warning',
      channel: 'C',
      text: `config differs on ${slot}: ${differ.length > 0 ? listed(differ) : 'it was started with another'}`,
      time: channels.config.time,
    }));
}

function ofBalancer(
  { channels, every }: Watched,
  now: number,
  standing: Standing | undefined,
): Finding[] {
  const servers = freshOf(channels.balancer, every, now) ?? [];
  const ready = servers.filter(({ admin }) => admin === 'ready');
  const of = (level: Finding['level'], text: string): Finding => ({
    kind: 'balancer',
    level,
    channel: 'B',
    text,
    time: channels.balancer.time,
  });
  if (servers.length > 0 && ready.length === 0)
    return [of('critical', 'the balancer sends nobody anywhere: no server of it is ready')];
  return ready.flatMap(({ server, port, version, check }) => {
    if (check === 'down')
      return [of('warning', `the balancer’s check of ${server} on port ${port} fails`)];
    if (version === null)
      return [
        of('warning', `the balancer sends to ${server} on port ${port}, where no release runs`),
      ];
    return standing && !isTold(standing, version)
      ? [
          of(
            'critical',
            `the balancer sends to an old instance: ${server} on port ${port} runs ${version}`,
          ),
        ]
      : [];
  });
}

function ofFront({ channels, every }: Watched, now: number): Finding[] {
  const front = freshOf(channels.front, every, now);
  const { errors = 0, samples = 0 } = front ?? {};
  if (errors === 0) return [];
  return [
    {
      kind: 'front',
      level: 'warning',
      channel: 'F',
      text: `of ${samples + errors} requests through the front ${errors} told no version`,
      time: channels.front.time,
    },
  ];
}
