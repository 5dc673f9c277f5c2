import type { CoverageSeen } from '../../checks/run/ports.ts';
import { mapNamed } from '../../rooms/redirects/room.ts';
import type { RedirectUsage } from '../api/contract-redirects.ts';
import type { AskCoverage } from '../coverage/ask.ts';
import type { HistoryDesk } from '../parts.ts';
import { accessCoverage, accessesIn, lastMissed } from './access.ts';
import { type RedirectsDesk, mostTold } from './desk.ts';
import type { UnusedOfHost } from './messages.ts';
import { inThread } from './thread.ts';

/** Hosts of one map of which it is looked at whether access to them was seen without a gap. */
const mostHosts = 50;
const day = 86_400_000;

export interface UsageSources {
  readonly history: Pick<HistoryDesk, 'ask'>;
  readonly coverage: AskCoverage;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
}

type OfHost = UnusedOfHost & CoverageSeen;

/**
 * What real access says of a map: rows that nobody asked for, where that can be known, and what was
 * asked for in vain. Throws TERR_REDIRECTS_…, TERR_API_NO_HISTORY, TERR_HISTORY_….
 */
export async function usageOfMap(
  desk: RedirectsDesk,
  sources: UsageSources,
  { name, days, signal }: { readonly name: string; readonly days: number; signal: AbortSignal },
): Promise<RedirectUsage> {
  const { sha256 } = mapNamed(desk.keeper.state, name);
  await desk.files.mustHave(sha256);
  const to = sources.now();
  const time = { from: to - days * day, to };
  const { accesses, omitted } = await accessesIn(sources, time, { signal });
  const path = desk.files.pathOf(sha256);
  const order = { kind: 'usage', path, accesses, most: mostTold } as const;
  const { unused, missing } = await inThread<'usage'>(order, { signal });
  const last =
    missing.length === 0 ? new Map<string, number>() : await lastMissed(sources, time, signal);
  const hosts: OfHost[] = [];
  for (const one of unused.slice(0, mostHosts)) {
    // oxlint-disable-next-line no-await-in-loop -- history answers a few at once
    const seen = await accessCoverage(sources, time, { host: one.host, signal });
    const why = `${omitted} addresses are more than can be looked at`;
    hosts.push({ ...one, ...(omitted > 0 ? { isComplete: false, why } : seen) });
  }
  const known = hosts.filter(({ isComplete }) => isComplete);
  const rows = known.flatMap((host) => host.rows).toSorted((a, b) => a.line - b.line);
  return {
    ...time,
    coverage: coverageOfAll(hosts, unused.length),
    hosts: hosts.map(({ host, isComplete, why, count }) => ({
      host,
      isComplete,
      why: why ?? null,
      unused: isComplete ? count : null,
    })),
    unused: known.length === 0 ? null : rows.slice(0, mostTold),
    unusedCount: known.length === 0 ? null : known.reduce((sum, { count }) => sum + count, 0),
    missing: missing.map((one) => ({ ...one, last: last.get(one.url) ?? null })),
  };
}

function coverageOfAll(hosts: readonly OfHost[], all: number): RedirectUsage['coverage'] {
  const gaps = hosts.filter(({ isComplete }) => !isComplete);
  const [first] = gaps;
  if (first) {
    const more = gaps.length > 1 ? `; so do ${gaps.length - 1} more hosts` : '';
    return { isComplete: false, why: `${first.host} has a gap: ${first.why ?? 'unknown'}${more}` };
  }
  if (hosts.length === all) return { isComplete: all > 0, why: all > 0 ? null : 'it has no host' };
  return { isComplete: false, why: `only ${hosts.length} of ${all} hosts were looked at` };
}
