import type { Log } from '../../log/log.ts';
import { maxStory } from '../../rooms/demo/state.ts';
import type { AccountBook } from '../accounts/book.ts';
import type { Config } from '../config/schema.ts';
import { DemoDesk } from '../demo/desk.ts';
import { Replaying } from '../demo/replaying.ts';
import { trustedTellers } from '../demo/trusted.ts';
import type { DemoCounts } from '../introspection/demo.ts';
import type { LiveView } from '../parts.ts';

interface DemoPartOptions {
  readonly config: Config;
  readonly log: Log;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly latest: LiveView['latest'];
  readonly book: Pick<AccountBook, 'tokens'>;
  readonly onProblem: (error: unknown) => void;
}

/** What is known of the demo that runs around this server; nothing unless `demo.enabled`. */
export class DemoPart {
  readonly desk: DemoDesk;
  readonly replaying: Replaying;

  constructor({ config, book, ...options }: DemoPartOptions) {
    const { enabled, replay } = config.demo;
    this.desk = new DemoDesk({ ...options, enabled, replay, trusts: trustedTellers(book) });
    this.replaying = new Replaying({ ...options, enabled: replay });
  }

  start(): void {
    this.desk.start();
  }

  /** For the page about Territory itself; undefined where there is no demo, or it is still read. */
  readonly counts = (): DemoCounts | undefined => {
    const { enabled, keeper, counters } = this.desk;
    if (!enabled || !keeper.ready) return undefined;
    const { story, told, chaos } = keeper.state;
    return {
      ...counters,
      story: story.length,
      maxStory,
      forgotten: told - story.length,
      folded: keeper.counters.folded,
      chaos: [...chaos.values()].filter(({ state }) => state === 'asked' || state === 'running')
        .length,
    };
  };

  /** Before the log is closed. */
  async close(): Promise<void> {
    await this.desk.close();
  }
}
