import { type Significant, canonical, hostOfForm } from './canonical.ts';
import type { Finding, RedirectRule } from './finding.ts';
import { type Mapping, leads } from './map.ts';

export interface LintOptions {
  /** Parameters of queries that make another page; all unless it is said. */
  readonly significant?: Significant;
  /** Hosts that old addresses may have; any unless it is said. */
  readonly hosts?: readonly string[];
  /** Hosts that may be led to; any unless it is said. */
  readonly targets?: readonly string[];
}

type Tell = (finding: Finding) => void;

/** Statuses that a row may have beside those that lead somewhere. */
const others = [200, 404, 410, 418];

/** All that is wrong with the rows of a map, which may stand in several files, in their order. */
export function lint(rows: readonly Mapping[], options: LintOptions = {}): readonly Finding[] {
  const found: { readonly at: number; readonly finding: Finding }[] = [];
  const tellAt = (at: number) => (finding: Finding) => void found.push({ at, finding });
  const { significant = 'all' } = options;
  const hosts = setOf(options.hosts);
  const targets = setOf(options.targets);
  const byKey = new Map<string, Mapping>();
  const formOfTarget = remembered((url) => canonical(url, significant));
  for (const [i, row] of rows.entries()) {
    const tell = tellAt(i);
    const key = lintOld(row, { significant, hosts }, tell);
    lintTarget(row, { targets, formOfTarget }, tell);
    if (key === undefined) continue;
    const first = byKey.get(key);
    if (first) tell(duplicate(row, first));
    else byKey.set(key, row);
  }
  const next = (row: Mapping): Mapping | undefined =>
    leads(row.status) ? byKey.get(formOfTarget(row.to) ?? '') : undefined;
  for (const [i, row] of rows.entries()) lintWay(row, next, tellAt(i));
  return found.toSorted((a, b) => a.at - b.at).map(({ finding }) => finding);
}

const setOf = (names: readonly string[] | undefined): ReadonlySet<string> | undefined =>
  names && new Set(names.map((name) => name.toLowerCase()));

/** Many rows lead to the same address. */
function remembered(form: (url: string) => string | undefined) {
  const known = new Map<string, string | undefined>();
  return (url: string): string | undefined => {
    if (known.has(url)) return known.get(url);
    const made = form(url);
    known.set(url, made);
    return made;
  };
}

function at(
  { file, line, oldAt, toAt, statusAt }: Mapping,
  field: 'old' | 'to' | 'status',
): (rule: RedirectRule, severity: Finding['severity'], message: string) => Finding {
  const column = { old: oldAt, to: toAt, status: statusAt }[field];
  return (rule, severity, message) => ({ file, line, column, rule, severity, message });
}

/** Its canonical form; undefined where it has none. */
function lintOld(
  row: Mapping,
  { significant, hosts }: { significant: Significant; hosts: ReadonlySet<string> | undefined },
  tell: Tell,
): string | undefined {
  const { old } = row;
  const here = at(row, 'old');
  const key = canonical(old, significant);
  if (key === undefined) {
    const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(old)?.[1];
    if (scheme === undefined || /^https?$/i.test(scheme))
      tell(here('form', 'error', `${shown(old)} is no whole address`));
    else tell(here('scheme', 'error', `${shown(old)} is neither http nor https`));
    return undefined;
  }
  if (old !== key && formOf(old) !== formOf(key))
    tell(here('canonical', 'warning', `${shown(old)} is not canonical: ${shown(key)}`));
  const host = hostOfForm(key);
  if (hosts && !hosts.has(host))
    tell(here('host', 'error', `${host} is not one of the hosts of this map`));
  if (/^[^?]*\/https?:/.test(key.slice('http://'.length)))
    tell(here('form', 'warning', `${shown(old)} has another address in its path`));
  return key;
}

/** The status, and whether what it leads to fits it. */
function lintTarget(
  row: Mapping,
  {
    targets,
    formOfTarget,
  }: {
    readonly targets: ReadonlySet<string> | undefined;
    readonly formOfTarget: (url: string) => string | undefined;
  },
  tell: Tell,
): void {
  const { status, to } = row;
  if (!leads(status) && !others.includes(status)) {
    const known = '301, 302, 303, 307 or 308 with a target, 410, 404, 418 or 200 without';
    tell(at(row, 'status')('status', 'error', `the status is ${known}`));
    return;
  }
  const here = at(row, 'to');
  if (to === '') {
    if (leads(status)) tell(here('target', 'error', `a ${status} needs an address to lead to`));
    return;
  }
  if (!leads(status) && status !== 418)
    tell(here('target', 'warning', `a ${status} leads nowhere, and there is ${shown(to)}`));
  const form = formOfTarget(to);
  if (form === undefined) tell(here('target', 'error', `${shown(to)} is no whole address`));
  else if (targets && !targets.has(hostOfForm(form)))
    tell(here('target', 'error', `${hostOfForm(form)} is not one of the hosts to lead to`));
}

/** `https` is as good as `http` here, and `%2f` as `%2F`. */
const formOf = (url: string): string =>
  url.replace(/^https:/, 'http:').replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());

function duplicate(row: Mapping, first: Mapping): Finding {
  const isSame = row.to === first.to && row.status === first.status;
  const place = placeOf(first, row);
  return at(row, 'old')(
    'duplicate',
    isSame ? 'warning' : 'error',
    isSame
      ? `${shown(row.old)} stands on ${place} already`
      : `${shown(row.old)} stands on ${place} already, and leads elsewhere there`,
  );
}

/** Where a row leads in the end, within the map. */
function lintWay(row: Mapping, next: (row: Mapping) => Mapping | undefined, tell: Tell): void {
  const second = next(row);
  if (!second) return;
  const here = at(row, 'to');
  const seen = new Set([row]);
  let last = second;
  for (let one: Mapping | undefined = second; one; one = next(one)) {
    if (seen.has(one)) {
      const words = one === row ? 'leads back to itself' : `leads into a loop at ${one.old}`;
      tell(here('loop', 'error', `it ${words}`));
      return;
    }
    seen.add(one);
    last = one;
  }
  if (last.status >= 400)
    tell(here('ends-gone', 'warning', `it ends at ${placeOf(last, row)}, which is ${last.status}`));
  const way = leads(second.status)
    ? `${seen.size - (leads(last.status) ? 0 : 1)} redirects in a row, by`
    : 'it leads into the map itself, to';
  const end = leads(last.status) ? `: lead to ${shown(last.to)} at once` : '';
  tell(here('chain', 'warning', `${way} ${placeOf(second, row)}${end}`));
}

const placeOf = ({ file, line }: Mapping, from: Mapping): string =>
  file === from.file ? `line ${line}` : `${file}:${line}`;

const shown = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);

/** Errors and warnings among findings. */
export function countFindings(findings: readonly Finding[]): {
  readonly errors: number;
  readonly warnings: number;
} {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return { errors, warnings: findings.length - errors };
}
