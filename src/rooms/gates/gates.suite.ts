import type { PlacedEvent } from '../../event/codec.ts';
import { shortName } from '../alerts/names.ts';
import { gatesSource } from './facts.ts';
import { type GatesCommand, gatesRoom } from './room.ts';
import { type Asked, type Verdict, mayDeploy, mayFrom } from './verdict.ts';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

/** ms of an RFC 3339 time. */
export function at(time: string): number {
  const ms = Date.parse(time);
  if (Number.isNaN(ms)) throw new Error(`no time: ${time}`);
  return ms;
}

/** Plays the room without a server: commands become facts, facts are folded. */
export class GatesPlay {
  state = gatesRoom.start();
  readonly facts: PlacedEvent[] = [];
  now: number;
  #offset = 100;

  constructor(now: number) {
    this.now = now;
  }

  /** Carries a command out; the id of what it set up, whether or not it made a fact. */
  give(command: GatesCommand, actor = 'ann'): string {
    const id = `command-${this.#offset}`;
    const subject = gatesRoom.subjectOf(this.state, command, id);
    const draft = gatesRoom.decide(this.state, command, { now: this.now, actor, id });
    if (!draft) return shortName(id);
    const offset = this.#offset++;
    if (draft.subject !== subject) throw new Error(`${String(draft.subject)} is not ${subject}`);
    const placed = { time: this.now, received: this.now, source: gatesSource, id, offset };
    const event: PlacedEvent = { ...draft, ...placed, stream: 'facts' };
    this.facts.push(event);
    this.state = gatesRoom.fold(this.state, event);
    return shortName(id);
  }

  ask(asked: Partial<Asked> = {}): Verdict {
    return mayDeploy(this.state, { ...asking, ...asked }, this.now);
  }

  from(asked: Partial<Asked> = {}): number | undefined {
    return mayFrom(this.state, { ...asking, ...asked }, this.now);
  }

  /** The names of the rules that refuse. */
  refusing(asked: Partial<Asked> = {}): string[] {
    return this.ask(asked).refusals.map(({ rule }) => rule);
  }
}

const asking: Asked = { app: 'shop', environment: 'production', version: '1.4.2', actor: 'bob' };
