import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { usageOf } from '../../checks/redirects/access.ts';
import { canonical, hostOfForm } from '../../checks/redirects/canonical.ts';
import type { Finding } from '../../checks/redirects/finding.ts';
import { countFindings, lint } from '../../checks/redirects/lint.ts';
import { type Mapping, leads, readMap } from '../../checks/redirects/map.ts';
import { verify } from '../../checks/redirects/verify.ts';
import { outboundOf } from '../../checks/run/outbound.ts';
import { stepBack } from '../../launch/priority.ts';
import type {
  FromRedirects,
  MapFound,
  MapRead,
  MapUsage,
  MapVerified,
  RedirectsOrder,
  UnusedOfHost,
} from './messages.ts';

type Of<K extends RedirectsOrder['kind']> = Extract<RedirectsOrder, { readonly kind: K }>;

async function read({ path, most }: Of<'read'>): Promise<MapRead> {
  const bytes = await readFile(path);
  const map = readMap(bytes.toString('utf8'), '');
  const findings = [...map.findings, ...lint(map.rows)];
  const redirects = map.rows.filter(({ status }) => leads(status)).length;
  const counted = {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bytes: bytes.length,
    rows: map.rows.length,
    redirects,
    gone: map.rows.filter(({ status }) => status >= 400).length,
    ...countFindings(findings),
  };
  return {
    counted,
    found: foundOf(findings, most),
    unread: map.findings.map(({ file: _file, ...finding }) => finding),
  };
}

/** Errors first; of each rule as many as fit, since of one there may be thousands. */
function foundOf(findings: readonly Finding[], most: number): MapFound {
  const byRule: Record<string, number> = {};
  for (const { rule } of findings) byRule[rule] = (byRule[rule] ?? 0) + 1;
  const share = Math.floor(most / Math.max(1, Object.keys(byRule).length));
  const told: Record<string, number> = {};
  const isTold = ({ rule }: Finding): boolean => (told[rule] = (told[rule] ?? 0) + 1) <= share;
  const errors = findings.filter((one) => one.severity === 'error' && isTold(one));
  const warnings = findings.filter((one) => one.severity === 'warning' && isTold(one));
  return {
    byRule,
    findings: [...errors, ...warnings].map(({ file: _file, ...finding }) => finding),
  };
}

async function rowsOf(path: string): Promise<readonly Mapping[]> {
  return readMap(await readFile(path, 'utf8'), '').rows;
}

async function verified(
  { path, base, allowed, most }: Of<'verify'>,
  onProgress: (done: number, wrong: number) => void,
): Promise<MapVerified> {
  const { rows, ...seen } = await verify(await rowsOf(path), {
    base,
    outbound: outboundOf(allowed),
    signal: new AbortController().signal,
    most,
    onProgress,
  });
  return {
    ...seen,
    rows: rows.map(({ row, ...rest }) => ({ line: row.line, old: row.old, ...rest })),
  };
}

async function usage({ path, accesses, most }: Of<'usage'>): Promise<MapUsage> {
  const rows = await rowsOf(path);
  const { unused, missing } = usageOf(rows, accesses, (status) => status === 404);
  const hosts = new Map<string, { count: number; rows: { line: number; old: string }[] }>();
  for (const { old } of rows) {
    const host = hostOfForm(canonical(old) ?? '');
    if (host !== '' && !hosts.has(host)) hosts.set(host, { count: 0, rows: [] });
  }
  for (const { line, old } of unused) {
    const of = hosts.get(hostOfForm(canonical(old) ?? ''));
    if (!of) continue;
    of.count++;
    if (of.rows.length < most) of.rows.push({ line, old });
  }
  const unusedOf = [...hosts].map(([host, of]): UnusedOfHost => ({ host, ...of }));
  return { unused: unusedOf, missing: missing.slice(0, most) };
}

async function work(order: RedirectsOrder, port: MessagePort): Promise<FromRedirects> {
  const onProgress = (done: number, wrong: number): void =>
    port.postMessage({ kind: 'progress', done, wrong } satisfies FromRedirects);
  try {
    switch (order.kind) {
      case 'read':
        return { kind: 'result', result: await read(order) };
      case 'verify':
        return { kind: 'result', result: await verified(order, onProgress) };
      case 'usage':
        return { kind: 'result', result: await usage(order) };
    }
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

if (parentPort) {
  // What is acknowledged goes first.
  stepBack('thread', 5);
  const port = parentPort;
  port.postMessage(await work(workerData as RedirectsOrder, port));
  port.close();
}
