import type { KeyTable } from './keys.ts';
import type { RuleRun, Running } from './rule-run.ts';
import type { Scope } from './scope.ts';

/** The states of one scope, by the addresses of their operators. */
export interface ScopeSnapshot {
  readonly labels: readonly string[];
  /** As `secondsOf` says it. */
  readonly seen: number;
  /** In the order of `RuleSnapshot.addresses`; undefined where there is none. */
  readonly states: readonly unknown[];
}

/**
 * All that a rule knows, as plain data (for the structured clone algorithm): what a restart, a
 * changed rule and a warmed one go on from.
 */
export interface RuleSnapshot {
  readonly rule: string;
  readonly clock: number;
  readonly maxTime: number;
  readonly watermark: number;
  /** Rules whose events it has worked with. */
  readonly upstream: readonly string[];
  readonly addresses: readonly string[];
  readonly root: ScopeSnapshot;
  readonly tables: readonly {
    readonly fields: readonly string[];
    readonly scopes: readonly ScopeSnapshot[];
  }[];
  readonly timers: readonly {
    readonly at: number;
    readonly address: string;
    readonly fields: readonly string[];
    readonly labels: readonly string[];
  }[];
}

/** The state of a running rule. Shares its objects: clone it before the rule goes on. */
export function takeSnapshot(run: RuleRun): RuleSnapshot {
  const stateful = run.running.filter((one) => one.node.address !== undefined);
  const places = stateful.map((one) => one.node.place);
  const scopeSnapshot = (scope: Scope): ScopeSnapshot => ({
    labels: scope.labels,
    seen: scope.seen,
    states: places.map((place) => scope.at(place)),
  });
  return {
    rule: run.plan.name,
    clock: run.clock,
    maxTime: run.maxTime,
    watermark: run.watermark,
    upstream: run.upstream.rules,
    addresses: stateful.map((one) => one.node.address ?? ''),
    root: scopeSnapshot(run.root),
    tables: [...run.tables.values()].map((table) => ({
      fields: table.fields,
      scopes: [...table.scopes()].map(scopeSnapshot),
    })),
    timers: run.timers.entries().map(({ at, who: { running, scope } }) => ({
      at,
      address: running.node.address ?? '',
      fields: scope === run.root ? [] : running.node.fields,
      labels: scope.labels,
    })),
  };
}

/**
 * Puts the states of a snapshot under the operators that have the same addresses now. Returns the
 * addresses of the rule that the snapshot does not have: those operators start empty.
 */
export function restore(run: RuleRun, snapshot: RuleSnapshot): readonly string[] {
  const byAddress = new Map<string, Running>();
  for (const one of run.running)
    if (one.node.address !== undefined) byAddress.set(one.node.address, one);
  const places = snapshot.addresses.map((address) => byAddress.get(address)?.node.place);
  run.clock = Math.max(run.clock, snapshot.clock);
  run.maxTime = Math.max(run.maxTime, snapshot.maxTime);
  run.watermark = Math.max(run.watermark, snapshot.watermark);
  for (const rule of snapshot.upstream) run.upstream.add(rule);
  run.began(snapshot);
  fill(run.root, snapshot.root, places);
  for (const { fields, scopes } of snapshot.tables) {
    if (!isUsed(run, fields)) continue;
    const table = run.table(fields);
    for (const from of scopes) fillIn(table, from, places);
  }
  restoreTimers(run, snapshot, byAddress);
  const had = new Set(snapshot.addresses);
  return [...byAddress.keys()].filter((address) => !had.has(address));
}

function restoreTimers(
  run: RuleRun,
  snapshot: RuleSnapshot,
  byAddress: ReadonlyMap<string, Running>,
): void {
  for (const { at, address, fields, labels } of snapshot.timers) {
    const running = byAddress.get(address);
    const scope = fields.length === 0 ? run.root : running && run.table(fields).scope(labels);
    if (!running || !scope) continue;
    scope.waiting++;
    run.timers.add(at, { running, scope });
  }
}

function isUsed(run: RuleRun, fields: readonly string[]): boolean {
  const name = fields.join('\0');
  return run.running.some((one) => one.node.fields.join('\0') === name);
}

function fillIn(
  table: KeyTable,
  from: ScopeSnapshot,
  places: readonly (number | undefined)[],
): void {
  const scope = table.scope(from.labels);
  if (scope) fill(scope, from, places);
}

function fill(scope: Scope, from: ScopeSnapshot, places: readonly (number | undefined)[]): void {
  let kept = false;
  for (const [i, place] of places.entries()) {
    const state = from.states[i];
    if (place === undefined || state === undefined) continue;
    scope.put(place, state);
    kept = true;
  }
  if (kept) scope.seen = from.seen;
}
