import type { Standing } from '../fold.ts';
import { isTold } from '../runs.ts';
import { type Letter, type Word, wordOf } from './agreeing.ts';
import { freshIntervals } from './evidence.ts';
import type { Channels, Seen, Watched } from './looks.ts';

/** One channel of one runner's view, as it is shown. */
export interface ChannelWords {
  readonly channel: Letter;
  readonly runner: string;
  /** When it found that, ms since the epoch, UTC. */
  readonly time: number;
  /** Place among the readings. */
  readonly offset: number;
  /** `blind`: it could not look, or found that too long ago. */
  readonly word: Word | 'blind';
  /** What it found, a line for each thing; why it is blind. */
  readonly lines: readonly string[];
}

/** Lines of one channel. */
const maxLines = 50;

type Lines<K extends keyof Channels> = (
  found: NonNullable<Channels[K]['found']>,
) => readonly string[];

const self: Lines<'self'> = (found) =>
  found.map(({ slot, port, version, error }) =>
    version === null
      ? `${slot} on port ${port}: ${error ?? 'it gave no version'}`
      : `${slot} on port ${port} says ${version}`,
  );

const front: Lines<'front'> = ({ samples, shares }) => [
  `${Object.entries(shares)
    .toSorted(([, a], [, b]) => b - a)
    .map(([version, share]) => `${version} ${Math.round(share * 100)} %`)
    .join(', ')} of ${samples} answers`,
];

const os: Lines<'os'> = (found) =>
  found.map(({ port, pid, version, cwd, gone, ours, listening }) => {
    if (listening === false) return `port ${port}: nobody listens`;
    if (pid === null) return `port ${port}: a process of another user`;
    const what = version ?? (ours ? 'no known release' : 'a foreign process');
    const from = `${cwd ?? 'an unknown folder'}${gone ? ' (gone)' : ''}`;
    return `port ${port}: ${what}, process ${pid} in ${from}${ours ? '' : ', not started by the runner'}`;
  });

const disk: Lines<'disk'> = (found) =>
  found.map(({ version, changed, missing, added, gone, left = 0 }) => {
    if (gone === true) return `${version}: its folder is gone`;
    const parts = [
      changed.length > 0 ? `changed: ${changed.join(', ')}` : '',
      missing.length > 0 ? `missing: ${missing.join(', ')}` : '',
      added.length > 0 ? `added: ${added.join(', ')}` : '',
      left > 0 ? `${left} files not looked at yet` : '',
    ].filter((part) => part !== '');
    return `${version}: ${parts.length > 0 ? parts.join('; ') : 'as it was built'}`;
  });

const schema: Lines<'schema'> = (found) =>
  found.flatMap(({ db, drift, applied }) =>
    drift.length > 0
      ? drift.map(({ text }) => `${db}: ${text}`)
      : [`${db}: as the release has it${applied === undefined ? '' : `, ${applied} applied`}`],
  );

const config: Lines<'config'> = (found) =>
  found.map(({ slot, running, differ = [] }) =>
    running === null
      ? `${slot}: other values of ${differ.join(', ') || 'its configuration'}`
      : `${slot}: as it would be started now`,
  );

const balancer: Lines<'balancer'> = (found) =>
  found.map(
    ({ server, port, admin, check, version }) =>
      `${server} on port ${port}: ${admin}, its check says ${check}, ${version ?? 'no release'} there`,
  );

/** All channels of a view, in the order of the table. */
export function tellChannels(
  watched: Watched,
  standing: Standing | undefined,
  now: number,
): ChannelWords[] {
  const same = (version: string): boolean => standing !== undefined && isTold(standing, version);
  const { channels, runner, every } = watched;
  const tell = <T>(
    channel: Letter,
    { found, time, offset, why }: Seen<T>,
    lines: (found: T) => readonly string[],
  ): ChannelWords => {
    const stale = time < now - freshIntervals * every;
    const told = found === null ? [] : lines(found).slice(0, maxLines);
    const word = found === null || stale ? 'blind' : wordOf(channel, watched, { now, same });
    return {
      channel,
      runner,
      time,
      offset,
      word,
      lines: why === undefined ? told : [...told, found === null ? why : `not since then: ${why}`],
    };
  };
  return [
    tell('S', channels.self, self),
    tell('O', channels.os, os),
    tell('D', channels.disk, disk),
    tell('F', channels.front, front),
    tell('M', channels.schema, schema),
    tell('C', channels.config, config),
    tell('B', channels.balancer, balancer),
  ];
}
