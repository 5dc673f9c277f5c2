import type { Where, WhereLane } from '../../server/api/contract-releases.ts';

/** One application with what is known of it in each environment. */
export interface AppRow {
  readonly app: string;
  readonly lanes: ReadonlyMap<string, WhereLane>;
}

/** A deploy as young as this is shown as new, ms. */
const newFor = 2 * 3_600_000;

/** Applications as rows, those that fit the filter: every word of it stands in what is shown. */
export function rowsOf({ lanes }: Where, filter: string): AppRow[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = new Map<string, Map<string, WhereLane>>();
  for (const lane of lanes) {
    const row = rows.get(lane.app) ?? new Map<string, WhereLane>();
    rows.set(lane.app, row.set(lane.environment, lane));
  }
  return [...rows]
    .map(([app, of]) => ({ app, lanes: of }))
    .filter(({ app, lanes: of }) => words.every((word) => shown(app, of.values()).includes(word)));
}

function shown(app: string, lanes: Iterable<WhereLane>): string {
  const texts = [app];
  for (const { environment, version, verdict, now, running } of lanes) {
    texts.push(environment, version ?? '', verdict, now?.actor ?? '');
    if (running.length > 0) texts.push('running');
  }
  return texts.join('\n').toLowerCase();
}

/** Whether something was deployed there lately. */
export const isNew = ({ now }: WhereLane, at: number): boolean =>
  now !== null && now.state !== 'discovered' && at - now.at < newFor;

/** A version in little room: commits by their first ten characters. */
export const shortVersion = (version: string | null): string =>
  version === null
    ? 'no version'
    : /^[0-9a-f]{12,64}$/i.test(version)
      ? version.slice(0, 10)
      : version;

/** How many lanes have each verdict, the ones that need a look first. */
export function countsOf({ lanes }: Where): string {
  const order = ['contradicted', 'mixed', 'unknown', 'claimed', 'verified'] as const;
  return order
    .map((verdict) => [verdict, lanes.filter((lane) => lane.verdict === verdict).length] as const)
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => `${count} ${verdict}`)
    .join(' · ');
}
