import type { Static } from 'typebox';
import type { Role, TokenScope } from '../api/contract.ts';

export type Scope = Static<typeof TokenScope>;

/**
 * What an actor may do. Each role may do what the roles before it may; `deploy` is carrying deploys
 * out, which only runners do: whoever asks for one needs `act`.
 */
export type Right = 'send' | 'read' | 'act' | 'release' | 'administer' | 'deploy';

const byScope: Readonly<Record<Scope['may'], readonly Right[]>> = {
  send: ['send'],
  read: ['read'],
  runner: ['read', 'send', 'deploy'],
  viewer: ['read'],
  member: ['read', 'send', 'act'],
  gatekeeper: ['read', 'send', 'act', 'release'],
  admin: ['read', 'send', 'act', 'release', 'administer'],
};

export function rightsOf(may: Scope['may']): ReadonlySet<Right> {
  return new Set(byScope[may]);
}

/** The role that pages show; a token that only sends has none, and that of a runner. */
export function roleOf(may: Scope['may']): Role | undefined {
  if (may === 'send' || may === 'runner') return undefined;
  return may === 'read' ? 'viewer' : may;
}

/** Whether one of the patterns fits; `*` at the end stands for anything, no patterns for all. */
export function fitsPatterns(value: string, patterns: readonly string[] | undefined): boolean {
  if (patterns === undefined) return true;
  return patterns.some((pattern) =>
    pattern.endsWith('*') ? value.startsWith(pattern.slice(0, -1)) : value === pattern,
  );
}
