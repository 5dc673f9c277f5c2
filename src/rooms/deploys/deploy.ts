/** What an execution is for. */
export const kinds = ['deploy', 'rollback', 'rehearsal'] as const;
export type Kind = (typeof kinds)[number];

/**
 * How a deploy stands. `waiting`: a gate holds it; `queued`: nothing but its turn does; `lost`: nobody
 * knows how it ended, which is never a success.
 */
export const states = [
  'waiting',
  'queued',
  'running',
  'succeeded',
  'failed',
  'cancelled',
  'rolled-back',
  'lost',
  'refused',
] as const;
export type State = (typeof states)[number];

/** What a running deploy goes through, in this order; one that has nothing to do is skipped. */
export const stages = [
  'starting',
  'fetching',
  'verifying-artefact',
  'migrating',
  'starting-new',
  'checking-new',
  'switching',
  'draining-old',
  'watching',
] as const;
export type Stage = (typeof stages)[number];

export const stageStates = ['running', 'done', 'failed', 'skipped'] as const;
export type StageState = (typeof stageStates)[number];

/** The gates of a deploy in the order in which they are asked: what is cheap and certain first. */
export const rules = [
  'artefact',
  'config',
  'schema',
  'order',
  'newest',
  'window',
  'freeze',
  'lock',
  'block',
  'check',
  'reservation',
  'rate',
  'acknowledgement',
  'approval',
  'lane',
] as const;
export type Rule = (typeof rules)[number];

/** What one gate says of a deploy: it lets it pass, makes it wait, or refuses it. */
export interface GateWord {
  readonly rule: Rule;
  readonly word: 'passes' | 'waits' | 'refuses' | 'warns';
  /** A sentence. */
  readonly reason: string;
  /** When it ends by itself, ms since the epoch. */
  readonly until?: number;
  /** What would lift it before. */
  readonly lifts?: string;
  /** Who set it up. */
  readonly by?: string;
}

/** How a runner says that it ended. */
export const results = ['succeeded', 'failed', 'cancelled', 'rolled-back', 'lost'] as const;
export type Result = (typeof results)[number];
