import { join } from 'node:path';
import { ChecksDesk } from '../checks/desk.ts';
import { checkErrors } from '../checks/errors.ts';
import type { Config } from '../config/schema.ts';

interface ChecksPartOptions {
  readonly config: Config;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly onProblem: (error: unknown) => void;
}

/** Checks: features that are run again and again. */
export class ChecksPart {
  readonly desk: ChecksDesk;

  constructor({ config, now, onProblem }: ChecksPartOptions) {
    this.desk = new ChecksDesk({
      folder: config.checks.folder ?? join(config.data, 'checks'),
      store: {
        all: () => new Map(),
        save: async () => {
          throw checkErrors('UNAVAILABLE', 'features can not be kept here yet');
        },
      },
      now,
      onProblem,
    });
  }

  start(): void {
    this.desk.start();
  }

  /** Before the log is closed. */
  async close(): Promise<void> {
    await this.desk.close();
  }
}
