import { setTimeout as pause } from 'node:timers/promises';
import type { Balancer, BalancerServer } from '../balancer/balancer.ts';
import { runnerErrors } from '../errors.ts';
import type { Spot } from './places.ts';

/** ms that HAProxy's own checks may take to find a server up. */
const upWithin = 30_000;
const lookEvery = 50;
/** ms that old instances may finish their requests, where the manifest does not say. */
export const usualDrain = 30_000;

/** The servers of one application, and what is done to them. */
export class Traffic {
  private readonly balancer: Balancer;
  private readonly backend: string;
  private readonly say: (text: string) => void;

  constructor(balancer: Balancer, backend: string, say: (text: string) => void) {
    this.balancer = balancer;
    this.backend = backend;
    this.say = say;
  }

  async servers(): Promise<readonly BalancerServer[]> {
    return this.balancer.servers(this.backend);
  }

  async of(spots: readonly Spot[]): Promise<readonly BalancerServer[]> {
    const names = new Set(spots.map((s) => s.slot));
    return (await this.servers()).filter((s) => names.has(s.name));
  }

  /** Nobody is sent to these any more, at once. */
  async out(spots: readonly Spot[]): Promise<void> {
    for (const { name, admin } of await this.of(spots))
      if (admin !== 'maint') await this.balancer.set(this.backend, name, 'maint');
  }

  /** Customers who have begun are let finish; nobody new is sent. */
  async drain(spots: readonly Spot[]): Promise<void> {
    for (const { name, admin } of await this.of(spots))
      if (admin === 'ready') await this.balancer.set(this.backend, name, 'drain');
  }

  /** Until nobody is there any more, or the time is over. */
  async emptied(spots: readonly Spot[], ms: number, signal?: AbortSignal): Promise<void> {
    const deadline = performance.now() + ms;
    for (;;) {
      const busy = (await this.of(spots)).filter((s) => s.sessions > 0);
      if (busy.length === 0) return;
      if (performance.now() > deadline) {
        const left = busy.map((s) => `${s.name} ${s.sessions}`).join(', ');
        this.say(`after ${ms / 1000} s there are sessions left: ${left}`);
        return;
      }
      await pause(lookEvery, undefined, { signal });
    }
  }

  /**
   * Sends customers to these: first HAProxy's own checks must find them up, while nobody is sent.
   * Throws TERR_RUNNER_STRATEGY when they do not in time.
   */
  async letIn(spots: readonly Spot[], signal?: AbortSignal): Promise<void> {
    for (const { name, admin } of await this.of(spots))
      if (admin === 'maint') await this.balancer.set(this.backend, name, 'drain');
    await this.up(spots, signal);
    await this.ready(spots);
    // Between the two a check may have failed.
    await this.up(spots, signal);
  }

  /** Sends customers at once, for it is known that they are served. */
  async ready(spots: readonly Spot[]): Promise<void> {
    for (const { name, admin } of await this.of(spots))
      if (admin !== 'ready') await this.balancer.set(this.backend, name, 'ready');
  }

  /** Until each of these was found up. One that HAProxy does not check is taken as it is. */
  async up(spots: readonly Spot[], signal?: AbortSignal): Promise<void> {
    const deadline = performance.now() + upWithin;
    for (;;) {
      const down = (await this.of(spots)).filter((s) => s.check === 'down' || s.admin === 'maint');
      if (down.length === 0) return;
      if (performance.now() > deadline)
        throw runnerErrors(
          'STRATEGY',
          `HAProxy does not find ${down.map((s) => `${this.backend}/${s.name}`).join(', ')} up ` +
            `within ${upWithin / 1000} s: does it check the path that is to answer 200?`,
        );
      await pause(lookEvery, undefined, { signal });
    }
  }
}
