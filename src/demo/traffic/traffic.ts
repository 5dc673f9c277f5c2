import { setTimeout as pause } from 'node:timers/promises';
import type { Company } from '../company.ts';
import { visits } from '../plan/visits.ts';
import { visit } from './visitor.ts';

/** Visitors at once; where the site is so slow that more would come, they find it full and go. */
const most = 150;
/** How often it is told how the visitors fare, ms. */
const tellEvery = 10_000;

/**
 * The visitors of the company's site, who come through the load balancer of production. How they
 * fare is told as readings of what they saw themselves.
 */
export async function runTraffic(company: Company): Promise<void> {
  const { seed, speed, ports, signal } = company;
  const seen = new Seen();
  const browsing = {
    site: `http://127.0.0.1:${ports.site.production.front}`,
    speed,
    signal,
    onAnswer: (_: unknown, status: number) => seen.answer(status),
  };
  const telling = setInterval(() => void tellSeen(company, seen), tellEvery);
  const begun = performance.now();
  let here = 0;
  try {
    for (const one of visits(seed)) {
      const due = begun + (one.at * 1000) / speed;
      // oxlint-disable-next-line no-await-in-loop -- visitors come when they come
      await pause(Math.max(0, due - performance.now()), undefined, { signal });
      if (here >= most) {
        seen.turnedAway += 1;
        continue;
      }
      here += 1;
      void visit(one, browsing)
        .catch(() => undefined) // the demo ends
        .finally(() => (here -= 1));
    }
  } finally {
    clearInterval(telling);
  }
}

/** What visitors saw since it was told last. */
class Seen {
  answers = 0;
  /** Server errors, and pages that did not come. */
  failed = 0;
  turnedAway = 0;

  answer(status: number): void {
    this.answers += 1;
    if (status === 0 || status >= 500) this.failed += 1;
  }

  take(): { readonly answers: number; readonly failed: number; readonly turnedAway: number } {
    const { answers, failed, turnedAway } = this;
    this.answers = this.failed = this.turnedAway = 0;
    return { answers, failed, turnedAway };
  }
}

async function tellSeen({ territory, signal, say }: Company, seen: Seen): Promise<void> {
  const counts = Object.entries(seen.take());
  const events = counts.map(([name, metric]) => ({
    type: 'metric',
    name: `newsroom.visitors.${name === 'turnedAway' ? 'turned_away' : name}`,
    source: 'newsroom/visitors',
    service: 'visitors',
    environment: 'production',
    metric,
  }));
  try {
    await territory.ask('POST', '/api/v1/events', events);
  } catch (error) {
    if (!signal.aborted) say(`visitors: ${error instanceof Error ? error.message : String(error)}`);
  }
}
