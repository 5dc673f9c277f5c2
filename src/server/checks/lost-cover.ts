import { shortName } from '../../rooms/alerts/names.ts';
import type { AlertsState } from '../../rooms/alerts/state.ts';
import { lossText } from '../../rooms/checks/coverage.ts';
import type { ChecksState, Loss } from '../../rooms/checks/state.ts';
import type { AlertDecision } from '../../rules/decision.ts';

/** The rule that alerts of lost cover are said to be of. */
export const coverRule = 'checks-cover';

/** While features are read anew one check goes and another comes: it is looked at after that, ms. */
const patienceMs = 5_000;

interface LostCoverOptions {
  /** Undefined while they are being read. */
  readonly checks: () => ChecksState | undefined;
  readonly alerts: () => AlertsState | undefined;
  /** Takes what is decided about alerts; resolves once it is durable. */
  readonly decided: (decisions: readonly AlertDecision[]) => Promise<void>;
  readonly now: () => number;
  readonly onProblem: (error: unknown) => void;
}

/** Alerts when the last check that tells anybody of an application, or gates its releases, is gone. */
export class LostCover {
  readonly #options: LostCoverOptions;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #isClosed = false;
  #seen: readonly Loss[] | undefined;

  constructor(options: LostCoverOptions) {
    this.#options = options;
  }

  /** What is lost may be another by now. */
  changed(): void {
    const losses = this.#options.checks()?.losses;
    if (this.#isClosed || losses === this.#seen || this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#looking = this.#look().catch((error: unknown) => {
        this.#seen = undefined;
        this.#options.onProblem(error);
      });
    }, patienceMs).unref();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    const { checks, alerts, decided, now } = this.#options;
    const [losses, known] = [checks()?.losses, alerts()];
    if (!losses || !known) return this.changed();
    await decided(coverDecisions(losses, known, now()));
    this.#seen = losses;
  }
}

/** What is to be said of losses; said again it changes nothing. `now`: ms since the epoch, UTC. */
export function coverDecisions(
  losses: readonly Loss[],
  { open }: Pick<AlertsState, 'open'>,
  now: number,
): AlertDecision[] {
  const lost = losses.map((loss): AlertDecision => {
    const { application, environment, what, at, offset } = loss;
    return {
      kind: 'alert',
      rule: coverRule,
      key: keyOf(loss),
      at,
      since: at,
      id: shortName('lost', String(offset), what),
      severity: 'warning',
      title: lossText(what, loss),
      environment,
      ...(application !== undefined && { service: application }),
    };
  });
  const still = new Set(losses.map((loss) => JSON.stringify(keyOf(loss))));
  const again = [...open.values()]
    .filter(({ rule, key }) => rule === coverRule && !still.has(JSON.stringify(key)))
    .map(({ key, title, openedAt, id }): AlertDecision => ({
      kind: 'alert',
      rule: coverRule,
      key,
      at: now,
      since: now,
      id: shortName('covered', id, String(openedAt)),
      severity: 'ok',
      title,
    }));
  return [...lost, ...again];
}

const keyOf = ({ application, environment, what }: Loss): Readonly<Record<string, string>> => ({
  application: application ?? '-',
  environment,
  what,
});
