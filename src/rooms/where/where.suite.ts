import type { PlacedEvent } from '../../event/codec.ts';
import type { Draft } from '../../event/event.ts';
import { type DeployReport, deployFact } from './facts.ts';
import { WhereState } from './fold.ts';
import { Instances, type Sighting } from './instances.ts';
import { toldBy } from './told.ts';
import { type Judgement, judge } from './verdict.ts';

export const minute = 60_000;
/** When the stories of the tests begin, ms. */
export const start = Date.UTC(2026, 4, 1, 12);

/** A world of one application, shop, in production, in which things are told and seen. */
export class World {
  readonly state = new WhereState();
  readonly instances = new Instances();
  #offset = 0;

  /** Takes a fact as it would come from the log. */
  hear(draft: Draft, received = draft.time ?? start): PlacedEvent {
    const offset = ++this.#offset;
    const placed: PlacedEvent = {
      id: `facts-${offset}`,
      time: received,
      source: '/tokens/ci',
      stream: 'facts',
      ...draft,
      offset,
      received,
    };
    const told = toldBy(placed);
    if (told) this.state.fold(told);
    return placed;
  }

  /** As `territory deploy` reports it, so many ms after the start. */
  report(report: DeployReport['report'], version: string, after = 0, more = {}): PlacedEvent {
    const place = { app: 'shop', environment: 'production' };
    const fact = { ...place, report, version, id: `run-${version}`, time: start + after };
    return this.hear(deployFact({ ...fact, ...more }));
  }

  /** An instance reports its version, so many ms after the start. */
  see(instance: string, version: string, after: number, more: Partial<Sighting> = {}): void {
    const place = { app: 'shop', environment: 'production' };
    const offset = ++this.#offset;
    this.instances.see({ ...place, instance, version, time: start + after, offset, ...more });
  }

  /** What is known so many ms after the start. */
  known(after: number) {
    const deploys = this.state.lane('shop', 'production')?.deploys ?? [];
    return { deploys, instances: [...this.instances.all()], now: start + after };
  }

  judge(after: number): Judgement {
    return judge(this.known(after));
  }
}
