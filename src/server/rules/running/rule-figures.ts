import type { RuleRun } from '../../../rules/engine/rule-run.ts';
import type { LastDecision, WorkerRule } from './messages.ts';
import type { SeatedRule } from './seating.ts';

/** Weight of the newest second in a rate. */
const newest = 0.3;

interface Rate {
  events: number;
  perSecond: number;
}

/** The figures of each rule, with rates over the last seconds. */
export class RuleFigures {
  #rates = new Map<string, Rate>();
  #at = 0;

  /** @param now a clock in ms that only goes forward */
  make(
    rules: readonly SeatedRule[],
    last: ReadonlyMap<string, LastDecision>,
    now: number,
  ): readonly WorkerRule[] {
    const seconds = Math.max(0.001, (now - this.#at) / 1000);
    this.#at = now;
    const rates = new Map<string, Rate>();
    const made = rules.map((one): WorkerRule => {
      const { name, settings } = one.rule;
      const matched = one.run ? matchedOf(one.run) : 0;
      const before = this.#rates.get(name);
      const rate = rateOf(before, one.stat?.events ?? 0, seconds);
      rates.set(name, rate);
      return {
        name,
        file: one.file,
        line: one.rule.line,
        state: one.warming ? 'warming' : 'running',
        stat: one.stat,
        maxKeys: settings.maxKeys,
        matched,
        eventsPerSecond: rate.perSecond,
        lastDecision: last.get(name),
      };
    });
    this.#rates = rates;
    return made;
  }
}

function rateOf(before: Rate | undefined, events: number, seconds: number): Rate {
  // A rule that was changed counts from 0 again.
  if (!before || events < before.events) return { events, perSecond: 0 };
  const now = (events - before.events) / seconds;
  const perSecond = before.perSecond + newest * (now - before.perSecond);
  return { events, perSecond: perSecond < 0.001 ? 0 : perSecond };
}

/** Events that came to the first operators which keep something or decide. */
function matchedOf(run: RuleRun): number {
  const behind = new Set<number>();
  let matched = 0;
  for (const { node, takes, in: came } of run.running) {
    const isBehind = node.inputs.some(({ slot }) => behind.has(slot));
    if (takes && !isBehind) matched += came;
    if (takes || isBehind) behind.add(node.slot);
  }
  return matched;
}
