import type { Block, Freeze, Lock, Window } from '../../server/api/contract-gates.ts';

/** What the lists of the API hold at one moment. */
export interface GatesNow {
  readonly windows: readonly Window[];
  readonly freezes: readonly Freeze[];
  readonly locks: readonly Lock[];
  readonly blocks: readonly Block[];
}

/** One gate that keeps deploys in now, or is to be known. */
export interface StandingGate {
  readonly id: string;
  /** For its mark: `warning` keeps deploys in, others do not. */
  readonly state: 'warning' | 'told';
  readonly word: string;
  readonly scope: string;
  readonly text: string;
  readonly by: string;
  /** What `at` is. */
  readonly when: 'until' | 'from';
  /** ms since the epoch; undefined: nobody knows. */
  readonly at: number | undefined;
}

/**
 * What stands, in the order of the rules. A window that allows is in the way while no window of its
 * scope is open; one that denies while it is open.
 */
export function standingGates({ windows, freezes, locks, blocks }: GatesNow): StandingGate[] {
  return [
    ...windowGates(windows),
    ...freezes.map(freezeGate),
    ...locks.map(lockGate),
    ...blocks.map(blockGate),
  ];
}

function windowGates(windows: readonly Window[]): StandingGate[] {
  const open = new Set(
    windows.filter((one) => one.kind === 'allow' && one.state === 'open').map(({ scope }) => scope),
  );
  return windows
    .filter(({ kind, state, scope }) =>
      kind === 'deny' ? state === 'open' : state === 'closed' && !open.has(scope),
    )
    .map(({ id, scope, by, kind, schedule, zone, reason, changes }) => ({
      id,
      state: 'warning',
      word: kind === 'deny' ? 'window denies' : 'window closed',
      scope,
      text: [reason, `${schedule} (${zone})`].filter((part) => part !== null).join(', '),
      by,
      when: 'until',
      at: changes ?? undefined,
    }));
}

function freezeGate({ id, scope, by, state, reason, from, until, passed }: Freeze): StandingGate {
  const count = passed.length;
  const broken =
    count === 0 ? '' : `; ${count === 1 ? 'a deploy' : `${count} deploys`} went out all the same`;
  const active = state === 'active';
  return {
    id,
    state: active ? 'warning' : 'told',
    word: active ? 'frozen' : 'freeze to come',
    scope,
    text: `${reason}${broken}`,
    by,
    when: active ? 'until' : 'from',
    at: active ? (until ?? undefined) : from,
  };
}

function lockGate({ id, scope, by, reason, until, warning }: Lock): StandingGate {
  const [state, word] = warning
    ? (['told', 'be careful'] as const)
    : (['warning', 'locked'] as const);
  return { id, state, word, scope, text: reason, by, when: 'until', at: until };
}

function blockGate({ id, scope, by, reason, safe, until }: Block): StandingGate {
  const text = safe === null ? reason : `${reason}; the safe version is ${safe}`;
  const at = until ?? undefined;
  return { id, state: 'warning', word: 'blocked', scope, text, by, when: 'until', at };
}
