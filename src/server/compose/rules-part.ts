import { join } from 'node:path';
import type { Log } from '../../log/log.ts';
import type { RulesAnswer } from '../api/contract-rules.ts';
import type { Config } from '../config/schema.ts';
import type { RulesCounts } from '../introspection/rules.ts';
import type { RulesDesk } from '../parts.ts';
import { rulesDirectory } from '../rules/directory.ts';
import { rulesError } from '../rules/errors.ts';
import { countsOf, listOf } from '../rules/rules-view.ts';
import { RulesRuntime } from '../rules/runtime.ts';
import type { AlertsPart } from './alerts-part.ts';

interface RulesPartOptions {
  readonly config: Config;
  readonly log: Log;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly alerts: AlertsPart;
  readonly onError: (error: unknown) => void;
}

/** The rules; none where they are switched off. */
export class RulesPart implements RulesDesk {
  readonly #options: RulesPartOptions;
  #runtime: RulesRuntime | undefined;

  constructor(options: RulesPartOptions) {
    this.#options = options;
  }

  start(): void {
    const { config, log, now, alerts, onError } = this.#options;
    const { data, rules } = config;
    if (!rules.enabled) return;
    const runtime = new RulesRuntime({
      log,
      logDir: join(data, 'log'),
      directory: rulesDirectory(config),
      stateDir: join(data, 'rules-state'),
      limits: {
        memory: rules.memory,
        turnTime: rules.turnTime,
        checkpoint: rules.checkpoint,
      },
      sink: {
        decided: alerts.decided,
        gone: (gone) => this.#resolve(gone),
        restarted: alerts.rulesRestarted,
      },
      now,
      onError,
    });
    try {
      runtime.start();
      this.#runtime = runtime;
    } catch (error) {
      onError(error);
    }
  }

  readonly state = (): 'ok' | 'starting' | 'restarting' | 'off' => this.#runtime?.state ?? 'off';

  readonly list = (): RulesAnswer =>
    listOf(
      rulesDirectory(this.#options.config),
      this.#runtime?.files ?? [],
      this.#runtime?.rules ?? [],
    );

  readonly source = (file: string): string => this.#here().source(file);

  readonly startRule = (name: string): void => this.#here().startRule(name);

  /** For the page about Territory itself; undefined while nothing is known. */
  readonly counts = (): RulesCounts | undefined => {
    const { log } = this.#options;
    const heads = log.stat('facts').next + log.stat('readings').next;
    return this.#runtime && countsOf(this.#runtime.counters(), this.#runtime.files, heads);
  };

  /** Writes down what the rules know. Before alerts and the log are closed. */
  async close(): Promise<void> {
    await this.#runtime?.stop();
    this.#runtime = undefined;
  }

  #here(): RulesRuntime {
    if (this.#runtime) return this.#runtime;
    throw rulesError('UNAVAILABLE', 'no rules run here; see the setting rules.enabled');
  }

  /** What a rule opened that is no more would stay open for ever. */
  async #resolve(gone: readonly string[]): Promise<void> {
    const { keeper } = this.#options.alerts;
    const open = [...keeper.state.open.values()].filter(({ rule }) => gone.includes(rule));
    for (const { id, openedAt, rule } of open) {
      const note = `its rule ${rule} is in no file any more`;
      // oxlint-disable-next-line no-await-in-loop -- few, and each waits for the log
      await keeper.handle(
        { kind: 'resolve', alert: id, note },
        { actor: 'rules', id: `gone/${id}/${openedAt}` },
      );
    }
  }
}
