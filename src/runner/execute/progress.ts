import type { Stage } from '../../rooms/deploys/deploy.ts';
import type { DeployStage, Smoke } from '../../server/api/contract-deploys.ts';
import { Lines } from './lines.ts';

/** One line of `progress.ndjson`. */
export type ProgressLine =
  | { readonly kind: 'stage'; readonly stage: DeployStage }
  | { readonly kind: 'smoke'; readonly smoke: Smoke };

/** Tells how far a deploy is, durably: the runner passes on what stands there. */
export class Progress {
  readonly #lines: Lines<ProgressLine>;
  readonly #now: () => number;
  /** By stage, as it was told last. */
  readonly #told = new Map<Stage, DeployStage>();
  #current: Stage | undefined;

  /** Goes on where a process before stopped. `now`: ms since the epoch, UTC. */
  constructor(folder: string, now: () => number) {
    this.#lines = new Lines(folder, 'progress.ndjson');
    this.#now = now;
    for (const line of this.#lines.read()) {
      if (line.kind !== 'stage') continue;
      this.#told.set(line.stage.stage, line.stage);
      this.#current = line.stage.stage;
    }
  }

  /** The stage that it is in, or came to last. */
  get stage(): Stage | undefined {
    return this.#current;
  }

  /** A stage begins; the one before is done. One that is come to again goes on. */
  begin(stage: Stage): void {
    if (stage === this.#current && this.#told.get(stage)?.state === 'running') return;
    this.done();
    const before = this.#told.get(stage);
    const started = before?.started ?? this.#now();
    this.#tell({ stage, state: 'running', started, ended: null, text: null });
    this.#current = stage;
  }

  skip(stage: Stage, text: string): void {
    this.done();
    const now = this.#now();
    this.#tell({ stage, state: 'skipped', started: now, ended: now, text });
    this.#current = stage;
  }

  done(): void {
    this.#end('done', null);
  }

  failed(text: string): void {
    this.#end('failed', text.slice(0, 1000));
  }

  smoke(smoke: Smoke): void {
    this.#lines.append({ kind: 'smoke', smoke });
  }

  close(): void {
    this.#lines.close();
  }

  #end(state: 'done' | 'failed', text: string | null): void {
    const running = this.#current === undefined ? undefined : this.#told.get(this.#current);
    if (running?.state !== 'running') return;
    this.#tell({ ...running, state, ended: this.#now(), text });
  }

  #tell(stage: DeployStage): void {
    this.#told.set(stage.stage, stage);
    this.#lines.append({ kind: 'stage', stage });
  }
}
