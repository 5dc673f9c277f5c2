import { createHash } from 'node:crypto';
import type { MapModel } from '../../../rooms/map/model.ts';
import type { Drawing } from '../../../rooms/map/picture/drawing.ts';
import { type Sheet, sheetOf } from '../../../rooms/map/picture/sheet.ts';
import { mapError } from '../errors.ts';
import { drawPlain } from './draw.ts';
import { DrawingFiles } from './drawing-files.ts';
import { LayoutThread } from './layout-thread.ts';

/** Drawings that are held in memory. */
const maxHeld = 50;
/** Drawings that wait to be laid out; one more is refused. */
const maxWaiting = 32;
/** Goes up when drawings are made in another way: those on disk are not used any more. */
const edition = 3;

interface LayoutDeskOptions {
  /** Directory in which drawings are kept over a restart. */
  readonly cacheDir: string;
  readonly onProblem: (error: unknown) => void;
  /** A layout that takes longer is given up, ms. */
  readonly patience?: number;
}

/**
 * Where everything on a map stands: laid out once for each map and each set of open groups, held in
 * memory and in files. Who asks for the same at the same time waits for the same.
 */
export class LayoutDesk {
  readonly counters = { laidOut: 0, fromFiles: 0, failed: 0, refused: 0 };
  readonly #files: DrawingFiles;
  readonly #thread: LayoutThread;
  readonly #onProblem: (error: unknown) => void;
  /** By hash, the one asked for longest ago first. */
  readonly #held = new Map<string, Promise<Drawing>>();
  /** Of maps that are in use, by what was asked for. */
  readonly #hashes = new WeakMap<MapModel, Map<string, string>>();
  #waiting = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor({ cacheDir, onProblem, patience }: LayoutDeskOptions) {
    this.#thread = new LayoutThread(patience);
    this.#files = new DrawingFiles(cacheDir);
    this.#onProblem = onProblem;
  }

  /** The drawing of a map with some groups open. Rejects with TERR_MAP_BUSY. */
  drawing(model: MapModel, expand: readonly string[] | '*'): Promise<Drawing> {
    const asked = typeof expand === 'string' ? expand : JSON.stringify(expand);
    const again = this.#found(this.#hashes.get(model)?.get(asked));
    if (again) return again;
    const sheet = sheetOf(model, expand);
    const hash = hashOf(sheet);
    this.#remember(model, asked, hash);
    const known = this.#found(hash);
    if (known) return known;
    if (this.#waiting >= maxWaiting) {
      this.counters.refused++;
      return Promise.reject(
        mapError('BUSY', `${maxWaiting} drawings wait to be laid out; try again in a moment`, {
          retryAfter: 2,
        }),
      );
    }
    const drawing = this.#make(sheet, hash);
    this.#hold(hash, drawing);
    drawing.catch(() => this.#held.delete(hash));
    return drawing;
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    await this.#thread.close();
  }

  #found(hash: string | undefined): Promise<Drawing> | undefined {
    const known = hash === undefined ? undefined : this.#held.get(hash);
    if (hash === undefined || !known) return undefined;
    this.#held.delete(hash);
    this.#held.set(hash, known);
    return known;
  }

  /** To tell the hash takes milliseconds, and most ask for the same map. */
  #remember(model: MapModel, asked: string, hash: string): void {
    const known = this.#hashes.get(model) ?? new Map<string, string>();
    if (known.size >= maxHeld) known.clear();
    known.set(asked, hash);
    this.#hashes.set(model, known);
  }

  #hold(hash: string, drawing: Promise<Drawing>): void {
    this.#held.set(hash, drawing);
    const [oldest] = this.#held.keys();
    if (this.#held.size > maxHeld && oldest !== undefined) this.#held.delete(oldest);
  }

  async #make(sheet: Sheet, hash: string): Promise<Drawing> {
    this.#waiting++;
    try {
      const kept = await this.#files.read(hash);
      if (kept) {
        this.counters.fromFiles++;
        return kept;
      }
      const turn = this.#turn.then(() => this.#draw(sheet, hash));
      this.#turn = turn.catch(() => undefined);
      const { drawing, isGood } = await turn;
      // What is only a grid is not kept: the next one who asks has another try.
      if (isGood) await this.#files.write(drawing).catch(this.#onProblem);
      else this.#held.delete(hash);
      return drawing;
    } finally {
      this.#waiting--;
    }
  }

  async #draw(sheet: Sheet, hash: string): Promise<{ drawing: Drawing; isGood: boolean }> {
    try {
      const drawing = await this.#thread.draw(sheet, hash);
      this.counters.laidOut++;
      return { drawing, isGood: true };
    } catch (error) {
      this.counters.failed++;
      this.#onProblem(error);
      return { drawing: drawPlain(sheet, hash), isGood: false };
    }
  }
}

/** 16 hexadecimal digits of what a drawing depends on. */
function hashOf(sheet: Sheet): string {
  return createHash('sha256')
    .update(JSON.stringify([edition, sheet]))
    .digest('hex')
    .slice(0, 16);
}
