import { Recent } from '../recent.ts';
import type { Family } from '../kinds.ts';
import { familiesOf } from '../kinds.ts';
import type { Series } from '../series.ts';

/** Bytes of one generation of series, roughly: some 25,000 of them. */
const seriesBytes = 32 << 20;
/** Bytes of one generation of families, roughly. */
const familyBytes = 4 << 20;

interface FamilyNote {
  readonly family: Family | undefined;
  readonly unit: string;
}

/** What is remembered between requests, to spare work; the same comes out without it. */
export class Memory {
  /** By sender and the bytes of their labels. */
  readonly series = new Recent<Series>(seriesBytes);
  readonly #families = new Recent<FamilyNote>(familyBytes);

  /** What metadata of 1.0, which come in requests of their own, say of a family. */
  learn(sender: string, family: string, note: FamilyNote): void {
    const key = `${sender}\0${family}`;
    const known = this.#families.get(key);
    if (known !== undefined && known.family === note.family && known.unit === note.unit) return;
    this.#families.set(key, note);
    this.series.clear();
  }

  about(sender: string, name: string): FamilyNote | undefined {
    for (const family of familiesOf(name)) {
      const found = this.#families.get(`${sender}\0${family}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
