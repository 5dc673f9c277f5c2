import { counted } from '../kit/format.ts';
import type { Where, WhereLane } from '../../server/api/contract-releases.ts';

/** One application with what is known of it in each environment. */
export interface AppRow {
  readonly app: string;
  readonly lanes: ReadonlyMap<string, WhereLane>;
}

/** A deploy as young as this is shown as new, ms. */
const newFor = 2 * 3_600_000;

/**
 * Applications as rows, those that fit the filter: every word of it stands in what is shown.
 * `beside`: what else is shown of a lane.
 */
export function rowsOf(
  { lanes }: Where,
  filter: string,
  beside: (lane: WhereLane) => string = () => '',
): AppRow[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = new Map<string, Map<string, WhereLane>>();
  for (const lane of lanes) {
    const row = rows.get(lane.app) ?? new Map<string, WhereLane>();
    rows.set(lane.app, row.set(lane.environment, lane));
  }
  return [...rows]
    .map(([app, of]) => ({ app, lanes: of }))
    .filter(({ app, lanes: of }) => {
      const text = shown(app, of.values(), beside);
      return words.every((word) => text.includes(word));
    });
}

function shown(
  app: string,
  lanes: Iterable<WhereLane>,
  beside: (lane: WhereLane) => string,
): string {
  const texts = [app];
  for (const lane of lanes) {
    const { environment, version, verdict, now, running, findings = [] } = lane;
    texts.push(environment, version ?? '', verdict, now?.actor ?? '', beside(lane));
    texts.push(...findings.map(({ text }) => text));
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

/** How many lanes have each verdict, the ones that need a look first; and what was found beside. */
export function countsOf({ lanes }: Where): string {
  const order = ['contradicted', 'mixed', 'unknown', 'claimed', 'verified'] as const;
  const verdicts = order
    .map((verdict) => [verdict, lanes.filter((lane) => lane.verdict === verdict).length] as const)
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => `${count} ${verdict}`);
  const found = lanes
    .flatMap(({ findings = [] }) => findings)
    .filter(({ level }) => level !== 'note').length;
  return [...verdicts, ...(found > 0 ? [counted(found, 'finding')] : [])].join(' · ');
}
