import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { CodedError } from '../../../errors/coded-error.ts';
import type { Poller, PollerContext } from '../../poller.ts';
import { getPage } from './get.ts';
import { Scraping } from './scraping.ts';
import { nameOf, type Target, targetOf, type TargetSettings } from './target.ts';

/** The first scrapes are spread over this, so that not all begin at once, ms. */
const spreadMs = 2_000;
/** Events in one delivery. */
const portion = 10_000;

/** Scrapes endpoints as Prometheus does. */
export const scrape: Poller = {
  name: 'scrape',
  title: 'Prometheus endpoints',
  wanted: (settings) => targetsOf(settings).length > 0,
  address: (settings) =>
    targetsOf(settings)
      .map(({ url }) => nameOf(url))
      .join(', '),
  run: async (context) => {
    await Promise.all(targetsOf(context.settings).map((one) => follow(one, context)));
  },
};

/** Checked by the schema of the settings. */
const targetsOf = ({ targets }: PollerContext['settings']): readonly TargetSettings[] =>
  Array.isArray(targets) ? (targets as TargetSettings[]) : [];

async function follow(settings: TargetSettings, context: PollerContext): Promise<void> {
  const { signal, trouble } = context;
  const target = targetOf(settings);
  if (typeof target === 'string') {
    trouble(nameOf(settings.url), { code: 'TERR_INTAKE_SOURCE', message: target });
    return;
  }
  const { intervalMs } = target;
  const scraping = new Scraping(target, Number(context.settings['maxSeries']));
  let next = performance.now() + Math.min(intervalMs, spreadMs) * shareOf(target.name);
  while (!signal.aborted) {
    const rest = Math.max(0, next - performance.now());
    // oxlint-disable-next-line no-await-in-loop -- until it is time
    await wait(rest, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    // oxlint-disable-next-line no-await-in-loop -- one scrape after the other
    await once(target, scraping, context);
    // Times that have passed meanwhile are left out, not made up for.
    next += intervalMs * Math.max(1, Math.ceil((performance.now() - next) / intervalMs));
  }
}

async function once(target: Target, scraping: Scraping, context: PollerContext): Promise<void> {
  const { signal, settings, now, deliver, trouble } = context;
  const started = performance.now();
  const page = () => getPage(target, Number(settings['maxBody']), signal);
  const { events, failure } = await scraping.take(now(), page, () => performance.now() - started);
  // What was asked while Territory stops says nothing of the target.
  if (signal.aborted) return;
  if (failure !== undefined) {
    const code = failure instanceof CodedError ? failure.code : 'TERR_INTAKE_SOURCE';
    trouble(target.name, { code, message: failure.message });
  }
  for (let at = 0; at < events.length; at += portion) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- in order
      await deliver(events.slice(at, at + portion), target.name);
    } catch (error) {
      if (signal.aborted) return;
      const message = error instanceof Error ? error.message : String(error);
      trouble(target.name, { code: 'TERR_INTAKE_FAILED', message });
      return;
    }
  }
}

/** From 0 to 1, the same for the same name. */
function shareOf(name: string): number {
  return createHash('sha256').update(name).digest().readUInt16BE() / 65_536;
}
