import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { parseDuration } from '../../event/quantity.ts';
import { parseTime } from '../../event/time.ts';
import type { Poller, PollerContext } from '../poller.ts';
import { intakeErrors } from '../errors.ts';
import { lookAt } from './look.ts';
import { Mirror } from './mirror.ts';
import { nameOf, sourceOf } from './source.ts';

/** As the settings name it. */
interface Remote {
  readonly url: string;
  readonly interval?: string;
  readonly since?: string;
}

const usualMs = 60_000;
/** Nobody's server is asked more often, ms. */
const leastMs = 1_000;

/** Looks at git repositories for what is new, where no hook can be installed. */
export const gitPoller: Poller = {
  name: 'git',
  title: 'git repositories',
  wanted: (settings) => remotesOf(settings).length > 0,
  address: (settings) =>
    remotesOf(settings)
      .map(({ url }) => sourceOf(url, '/'))
      .join(', '),
  run: async (context) => {
    const remotes = new Map(remotesOf(context.settings).map((one) => [one.url, one]));
    await Promise.all([...remotes.values()].map((one) => follow(one, context)));
  },
};

/** Checked by the schema of the settings. */
const remotesOf = ({ remotes }: PollerContext['settings']): readonly Remote[] =>
  Array.isArray(remotes) ? (remotes as Remote[]) : [];

async function follow(remote: Remote, context: PollerContext): Promise<void> {
  const { signal, trouble } = context;
  const source = sourceOf(remote.url, '/');
  const intervalMs = Math.max(leastMs, parseDuration(remote.interval ?? '') ?? usualMs);
  while (!signal.aborted) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      await look(remote, source, context);
    } catch (error) {
      if (signal.aborted) return;
      const message = error instanceof Error ? error.message : String(error);
      trouble(source, { code: 'TERR_INTAKE_SOURCE', message });
    }
    // oxlint-disable-next-line no-await-in-loop -- as above
    await wait(intervalMs, undefined, { signal }).catch(() => undefined);
  }
}

async function look(remote: Remote, source: string, context: PollerContext): Promise<void> {
  const { directory, signal, notes, now } = context;
  checkUrl(remote.url);
  const key = `intake/git/${createHash('sha256').update(remote.url).digest('hex').slice(0, 32)}`;
  const before = notes.get(key);
  const at = now();
  await lookAt({
    mirror: new Mirror(directory, remote.url, signal),
    about: { source, repository: nameOf(source), withEmails: false },
    since: sinceOf(remote.since, at),
    before: typeof before === 'number' ? before : undefined,
    context,
  });
  await notes.set(key, at);
}

/** Secrets belong where git keeps them; an address is shown, logged and part of facts. */
function checkUrl(url: string): void {
  const withPassword = URL.canParse(url) && new URL(url).password !== '';
  if (withPassword)
    throw intakeErrors(
      'SOURCE',
      'The address holds a password: leave it out, and use a credential helper of git or an ssh key.',
    );
  if (url.startsWith('-')) throw intakeErrors('SOURCE', 'The address begins with a hyphen.');
}

/** `90d`, or a time as RFC 3339 or a day. */
function sinceOf(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  const age = parseDuration(text);
  if (age !== undefined) return now - age;
  const time = parseTime(text) ?? Date.parse(text);
  if (Number.isNaN(time))
    throw intakeErrors('SOURCE', `since: "${text}" is no time: give e.g. 90d or 2026-01-31.`);
  return time;
}
