import { encodeLine, decodeLine } from '../../event/codec.ts';
import type { Draft } from '../../event/event.ts';
import type { AlertDecision, Key, Severity } from '../../rules/decision.ts';
import type { Alert } from './alert.ts';
import { alertsSource } from './facts.ts';
import { alertId } from './names.ts';
import { plan } from './plan.ts';
import { type PolicySettings, policyOf } from './policy.ts';
import { type AlertsCommand, alertsRoom, idOfCommand } from './room.ts';
import type { AlertsState } from './state.ts';

/** A day in May: times in these tests are seconds after it. */
export const start = Date.UTC(2026, 4, 1);
export const second = (s: number): number => start + s * 1000;

export const settings: PolicySettings = {
  bounds: { maxOpen: 100, maxClosed: 100 },
  flapping: { high: 30, low: 25 },
  routes: [{ to: ['mail:a@example.org'] }],
  teams: {},
  inhibit: [],
  rate: { max: 100, window: 3_600_000 },
  cooldownOf: () => 300_000,
};

/** A decision of the rule `r` for service `web`, `s` seconds after the start. */
export function alertDecision(
  s: number,
  severity: Severity,
  more: Partial<AlertDecision> = {},
): AlertDecision {
  const key: Key = more.key ?? { service: 'web' };
  return {
    kind: 'alert',
    rule: 'r',
    at: second(s),
    since: second(s),
    severity,
    title: `web is ${severity}`,
    service: key['service'] ?? 'web',
    id: `r/${Object.values(key).join('+')}/${s}/${severity}`,
    ...more,
    key,
  };
}

/** A room played by hand: no log, no clock. */
export class Play {
  readonly facts: Draft[] = [];
  readonly policy;
  readonly room;
  state: AlertsState;
  #commands = 0;

  constructor(more: Partial<PolicySettings> = {}) {
    this.policy = policyOf({ ...settings, ...more });
    this.room = alertsRoom(this.policy);
    this.state = this.room.start();
  }

  /** Carries a command out; the type of its fact without its frame (`alert.opened`), or nothing. */
  give(s: number, command: AlertsCommand, actor = 'ana'): string | undefined {
    const id = idOfCommand(command, this.state) ?? `command-${++this.#commands}`;
    const now = second(s);
    const draft = this.room.decide(this.state, command, { now, actor, id });
    if (!draft) return undefined;
    this.take({ ...draft, id }, now);
    return draft.type.replace(/^dev\.cdeventsx\.territory-|\.0\.1\.0$/g, '');
  }

  decide(
    s: number,
    severity: Severity,
    { nth = 0, ...more }: Partial<AlertDecision & { nth: number }> = {},
  ): string | undefined {
    return this.give(s, { kind: 'decided', decision: alertDecision(s, severity, more), nth });
  }

  /** Folds a fact as the log would bring it. */
  take(draft: Draft, received: number): void {
    this.facts.push(draft);
    const place = { stream: 'facts', offset: this.facts.length, received, source: alertsSource };
    const line = encodeLine(draft, alertsSource);
    this.state = this.room.fold(this.state, decodeLine(line, { ...place, stream: 'facts' }));
  }

  /** Lets the clockwork do what is due at a moment; the facts that came of it. */
  tick(s: number): string[] {
    const done: string[] = [];
    for (let round = 0; round < 10; round++) {
      const { due } = plan(this.state, this.policy, second(s));
      if (due.length === 0) return done;
      for (const command of due) done.push(this.give(s, command) ?? `nothing of ${command.kind}`);
    }
    throw new Error(`the clockwork does not come to rest: ${done.join(', ')}`);
  }

  alert(key: Key = { service: 'web' }, rule = 'r'): Alert {
    const id = alertId(rule, key);
    const alert = this.state.open.get(id) ?? this.state.closed.get(id);
    if (!alert) throw new Error('there is no such alert');
    return alert;
  }

  /** Titles of what waits to be sent. */
  queued(): string[] {
    return [...this.state.queue.values()].map(({ to, title }) => `${to} ${title}`);
  }
}
