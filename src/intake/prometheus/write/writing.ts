import type { Decoded } from '../../decoded.ts';
import { refused } from '../../decoded.ts';
import { intakeErrors } from '../../errors.ts';

/** What one decoded thing counts as in the answer; a histogram is two events and counts once. */
export type Kind = 'sample' | 'histogram' | 'exemplar' | 'none';

/** Characters of labels that the events of a request may have, in bytes that its body may have. */
const spread = 8;

/** One request while it is decoded: what was found, and how much it may still become. */
export class Writing {
  readonly kinds: Kind[] = [];
  #left: number;

  /** `maxBody`: bytes that a body may have. */
  constructor(maxBody: number) {
    this.#left = spread * maxBody;
  }

  /**
   * Labels stand once for many samples, and in 2.0 a text once for many labels: few bytes can become
   * far more than memory. Throws TERR_INTAKE_TOO_LARGE.
   */
  charge(characters: number): void {
    this.#left -= characters;
    if (this.#left >= 0) return;
    const message = `Written out for each sample, the labels have more than ${spread} times the bytes that a body may have (intake.maxBody): send it in parts.`;
    throw intakeErrors('TOO_LARGE', message);
  }

  /** Why something of the series of this number (from 0) is not taken. */
  refuse(kind: Kind, series: number, what: string): Decoded {
    const index = this.kinds.push(kind) - 1;
    return refused('TERR_INTAKE_DECODE', `series ${series}: ${what}`, { index });
  }
}
