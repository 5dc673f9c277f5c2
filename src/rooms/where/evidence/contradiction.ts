import type { PlacedEvent } from '../../../event/codec.ts';
import type { Draft } from '../../../event/event.ts';
import { plainName } from '../../thread/names.ts';
import { whereSource } from '../facts.ts';
import { standingOf } from '../fold.ts';
import type { Known } from '../runs.ts';
import { isUnderWay } from '../untold.ts';
import type { Judgement } from '../verdict.ts';

const own = (happened: string): string => `dev.cdeventsx.territory-evidence.${happened}.0.1.0`;
const contradictedType = own('contradicted');
const agreedType = own('agreed');

/** Lanes whose contradictions are held. */
const maxOpen = 5_000;
/** Instances that are named in a fact. */
const maxNamed = 20;

/** What was told and what runs are not the same, since then. */
export interface Contradiction {
  readonly app: string;
  readonly environment: string;
  /** ms since the epoch, UTC. */
  readonly since: number;
  /** Place of the fact. */
  readonly offset: number;
}

/** Contradictions that have begun and not ended: a fold of their facts, bounded. */
export class Contradictions {
  readonly #open = new Map<string, Contradiction>();

  get size(): number {
    return this.#open.size;
  }

  of(app: string, environment: string): Contradiction | undefined {
    return this.#open.get(keyOf(app, environment));
  }

  /** Takes a fact in; all but the server's own change nothing. */
  fold({ type, source, service, environment, time, offset }: PlacedEvent): void {
    const app = plainName(service);
    const place = plainName(environment);
    if (source !== whereSource || app === undefined || place === undefined) return;
    const key = keyOf(app, place);
    if (type === agreedType) this.#open.delete(key);
    if (type !== contradictedType || this.#open.has(key)) return;
    this.#open.set(key, { app, environment: place, since: time, offset });
    const [oldest] = this.#open.keys();
    if (this.#open.size > maxOpen && oldest !== undefined) this.#open.delete(oldest);
  }
}

const keyOf = (app: string, environment: string): string => `${app}\0${environment}`;

/** What one look makes of a lane, as it is to be seen twice before it is a fact. */
export interface Impression {
  /** Equal for the same. */
  readonly key: string;
  readonly happened: 'contradicted' | 'agreed';
  /** Of the newest that it rests on, ms since the epoch, UTC. */
  readonly time: number;
}

/**
 * What a judgement is an impression of; undefined where nothing was found to run, which neither
 * contradicts nor agrees, and while a deploy is under way, when versions are mixed on purpose.
 */
export function impressionOf(
  judgement: Judgement,
  { deploys, now }: Known,
): Impression | undefined {
  const { verdict, age, runs, basis } = judgement;
  const standing = standingOf(deploys);
  const isChanging = deploys.some((one) => isUnderWay(one, now));
  if (!standing || age === null || isChanging) return undefined;
  const time = now - age;
  if (verdict === 'verified') return { key: 'agreed', happened: 'agreed', time };
  // What only two tellers disagree on is no evidence.
  if (basis !== 'runs' && basis !== 'nothing') return undefined;
  if (verdict !== 'contradicted' && verdict !== 'mixed') return undefined;
  const versions = runs.map(({ version }) => version).toSorted();
  const key = JSON.stringify([verdict, standing.deploy.key, versions]);
  return { key, happened: 'contradicted', time };
}

/** Whether an impression, seen for the second time, is to be written down. */
export const isNews = ({ happened }: Impression, open: Contradiction | undefined): boolean =>
  (happened === 'contradicted') === (open === undefined);

/** The fact that a contradiction began or ended. Its id is the same for the same. */
export function impressionFact(
  { happened, time }: Impression,
  judgement: Judgement,
  about: { readonly app: string; readonly environment: string; readonly known: Known },
): Draft {
  const { app, environment, known } = about;
  const { verdict, because, runs, channels } = judgement;
  const told = standingOf(known.deploys)?.deploy;
  const place = [app, environment, String(time)];
  return {
    id: [happened, ...place].map(encodeURIComponent).join('/'),
    time: known.now,
    type: happened === 'agreed' ? agreedType : contradictedType,
    subject: `evidence/${app}/${environment}`,
    service: app,
    environment,
    state: happened === 'agreed' ? 'ok' : verdict === 'mixed' ? 'warning' : 'critical',
    attributes: {
      verdict,
      reason: because.slice(0, 1000),
      ...(told?.version !== undefined && { 'told.version': told.version }),
      ...(channels.length > 0 && { channels: channels.join('+') }),
    },
    data: {
      runs: runs.slice(0, maxNamed).map(({ version, share, instances }) => ({
        version,
        share,
        instances: instances.slice(0, maxNamed).map(({ instance, time: seen, offset }) => ({
          instance,
          seen,
          offset,
        })),
      })),
    },
  };
}
