import { join } from 'node:path';
import type { Log } from '../../log/log.ts';
import { ArtefactsDesk, maxPieces, maxUploads } from '../artefacts/desk.ts';
import type { Config } from '../config/schema.ts';
import type { ArtefactsCounts } from '../introspection/artefacts.ts';

interface ArtefactsPartOptions {
  readonly config: Config;
  readonly log: Log;
  /** ms since the epoch. */
  readonly now: () => number;
  /** Configuration keys that have a value in an environment; undefined: nobody has said so. */
  readonly keysIn: (environment: string) => ReadonlySet<string> | undefined;
}

/** Artefacts: the store, how they come into it, and how they are read. */
export class ArtefactsPart {
  readonly desk: ArtefactsDesk;
  readonly keysIn: ArtefactsPartOptions['keysIn'];

  constructor({ config, keysIn, ...options }: ArtefactsPartOptions) {
    this.keysIn = keysIn;
    this.desk = new ArtefactsDesk({
      ...options,
      store: config.releases.store ?? join(config.data, 'artefacts'),
      reserve: config.log.reserve,
    });
  }

  /** For the page about Territory itself. */
  readonly counts = (): ArtefactsCounts => ({
    ...this.desk.counters,
    uploads: this.desk.uploads,
    maxUploads,
    maxPieces,
  });
}
