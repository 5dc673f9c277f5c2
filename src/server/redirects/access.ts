import type { Access } from '../../checks/redirects/access.ts';
import type { AccessSeen, CoverageSeen } from '../../checks/run/ports.ts';
import type { Where } from '../../event/where/ast.ts';
import { parseWhere } from '../../event/where/parse.ts';
import type { AskCoverage } from '../coverage/ask.ts';
import type { HistoryDesk } from '../parts.ts';

/**
 * Access events: what a server answered, by OpenTelemetry's names for HTTP, today's and those
 * before 1.21. What a client says of others' answers is left out.
 */
export const accessWhere =
  '(url.path or http.target) and (http.response.status_code or http.status_code) and span.kind != "client"';

const names = [
  'server.address',
  'http.host',
  'url.path',
  'url.query',
  'http.target',
  'http.response.status_code',
  'http.status_code',
] as const;

/** Different addresses that are looked at. */
const mostAddresses = 300_000;
/** Different addresses of which the time of the last access is looked for. */
const mostDated = 5000;
const buckets = 30;

interface Sources {
  readonly history: Pick<HistoryDesk, 'ask'>;
  readonly coverage: AskCoverage;
}

/** What was asked for in a time, ms since the epoch, UTC. */
interface Time {
  readonly from: number;
  readonly to: number;
}

/**
 * Counts what was asked for, by address and status; where there is too much of it, what was asked
 * for the most. Throws TERR_API_NO_HISTORY, TERR_HISTORY_….
 */
export async function accessesIn(
  { history }: Pick<Sources, 'history'>,
  time: Time,
  { where = accessWhere, signal }: { readonly where?: string; readonly signal?: AbortSignal } = {},
): Promise<{ readonly accesses: readonly Access[]; readonly omitted: number }> {
  const { series, omitted } = await asked(history, time, {
    where: parseWhere(where),
    top: mostAddresses,
    signal,
  });
  const accesses = series.flatMap(({ labels, total }) => accessOf(labels, total ?? 0));
  return { accesses, omitted };
}

/** When addresses that were not found were asked for last: the begin of a thirtieth of the time. */
export async function lastMissed(
  { history }: Pick<Sources, 'history'>,
  time: Time,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const every = Math.max(1000, Math.ceil((time.to - time.from) / buckets));
  const where = parseWhere(
    `${accessWhere} and (http.response.status_code = "404" or http.status_code = "404")`,
  );
  const { series } = await asked(history, time, { where, top: mostDated, every, signal });
  const last = new Map<string, number>();
  for (const { labels, points } of series) {
    const [access] = accessOf(labels, 1);
    const at = points.findLast(([, count]) => (count ?? 0) > 0)?.[0];
    if (access && at !== undefined) last.set(access.url, Math.max(last.get(access.url) ?? 0, at));
  }
  return last;
}

/** Whether access to a host was seen without a gap; to any host, where none is named. */
export async function accessCoverage(
  { coverage }: Pick<Sources, 'coverage'>,
  time: Time,
  { host, where = accessWhere, signal }: { host?: string; where?: string; signal?: AbortSignal },
): Promise<CoverageSeen> {
  const name = JSON.stringify(host);
  const ofHost = `server.address = ${name} or http.host = ${name}`;
  const voice = host === undefined ? where : `(${where}) and (${ofHost})`;
  const { isComplete, why } = await coverage({ where: voice, ...time }, signal);
  return why === undefined ? { isComplete } : { isComplete, why };
}

/** What steps ask; `scoped` leaves out what comes from other environments. */
export async function accessSeen(
  sources: Sources,
  time: Time,
  { scoped, signal }: { readonly scoped: (where: string) => string; readonly signal: AbortSignal },
): Promise<AccessSeen> {
  const where = scoped(accessWhere);
  const { accesses, omitted } = await accessesIn(sources, time, { where, signal });
  if (omitted === 0)
    return { accesses, coverage: await accessCoverage(sources, time, { where, signal }) };
  const why = `there are ${omitted} more addresses than can be looked at`;
  return { accesses, coverage: { isComplete: false, why } };
}

interface Asked {
  readonly where: Where;
  readonly top: number;
  readonly every?: number;
  readonly signal: AbortSignal | undefined;
}

async function asked(history: Sources['history'], time: Time, { signal, ...query }: Asked) {
  return history.ask(
    async (one, limits) => one.series({ ...time, ...query, aggregate: 'count', by: names }, limits),
    signal,
  );
}

/** None, where it is no access to an address. */
function accessOf(labels: Readonly<Record<string, string>>, hits: number): readonly Access[] {
  const label = (name: (typeof names)[number]): string => labels[name] ?? '';
  const host = label('server.address') || label('http.host').replace(/:\d+$/, '');
  const query = label('url.query').replace(/^\?/, '');
  const path = label('url.path');
  const target = path === '' ? label('http.target') : `${path}${query === '' ? '' : `?${query}`}`;
  const status = Number(label('http.response.status_code') || label('http.status_code'));
  if (host === '' || !target.startsWith('/') || !Number.isInteger(status)) return [];
  return [{ url: `http://${host}${target}`, status, hits }];
}
