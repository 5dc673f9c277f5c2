import type { Deploy, GateWord } from '../../server/api/contract-deploys.ts';

/** A state by its mark and the word that people use. */
export const stateMarks: Readonly<Record<Deploy['state'], readonly [mark: string, word: string]>> =
  {
    waiting: ['waiting', 'waiting'],
    queued: ['queued', 'next in its lane'],
    running: ['running', 'running'],
    succeeded: ['ok', 'done'],
    failed: ['critical', 'failed'],
    cancelled: ['cancelled', 'cancelled'],
    'rolled-back': ['warning', 'rolled back'],
    lost: ['unknown', 'lost: nobody knows how it ended'],
    refused: ['warning', 'refused'],
  };

/** Whether there is no more to come. */
export const isOver = ({ state }: Pick<Deploy, 'state'>): boolean =>
  state !== 'waiting' && state !== 'queued' && state !== 'running';

/** What is being done in a stage, and what was done. */
export const stageWords: Readonly<Record<Deploy['stages'][number]['stage'], string>> = {
  starting: 'Start',
  fetching: 'Fetch the artefact',
  'verifying-artefact': 'Verify every file of it',
  migrating: 'Expand the database',
  'starting-new': 'Start the new instances',
  'checking-new': 'Check them on their own ports',
  switching: 'Send customers to them',
  'draining-old': 'Let the old ones finish',
  watching: 'Watch',
};

/** Which of them a page shows although they have not begun. */
export function stagesToCome(deploy: Deploy): readonly (keyof typeof stageWords)[] {
  if (isOver(deploy)) return [];
  const all = Object.keys(stageWords) as (keyof typeof stageWords)[];
  // What was passed over does not come any more.
  const last = Math.max(-1, ...deploy.stages.map(({ stage }) => all.indexOf(stage)));
  return all.slice(last + 1);
}

/** A gate's word as a mark. */
export const gateMarks: Readonly<Record<GateWord['word'], readonly [mark: string, word: string]>> =
  {
    passes: ['ok', 'passes'],
    waits: ['waiting', 'waits'],
    refuses: ['critical', 'refuses'],
    warns: ['warning', 'warns'],
  };

/** What it is about, in one line: `Roll shop back to 1.4.1 in production`. */
export function titleOf({ kind, app, version, environment }: Deploy): string {
  if (kind === 'rollback') return `${app} back to ${version} in ${environment}`;
  if (kind === 'rehearsal') return `Rehearse going back: ${app} ${version} in ${environment}`;
  return `${app} ${version} to ${environment}`;
}

/**
 * How long it ran, and of how long it is expected to; undefined before it began. ms, `now` since the
 * epoch.
 */
export function courseOf(
  { started, ended, expected }: Pick<Deploy, 'started' | 'ended' | 'expected'>,
  now: number,
): { readonly ran: number; readonly part: number | undefined } | undefined {
  if (started === null) return undefined;
  const ran = Math.max(0, (ended ?? now) - started);
  const part = expected === null || expected <= 0 ? undefined : Math.min(1, ran / expected);
  return { ran, part: ended === null ? part : undefined };
}
