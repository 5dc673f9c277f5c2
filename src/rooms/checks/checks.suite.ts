import type { PlacedEvent } from '../../event/codec.ts';
import type { CheckDefinition } from './definition.ts';
import { type ChecksCommand, checksRoom } from './room.ts';
import { checksSource } from './run.ts';

export function definitionOf(id: string, more: Partial<CheckDefinition> = {}): CheckDefinition {
  return {
    id,
    name: `The ${id} page`,
    kind: 'scenario',
    file: 'shop.feature',
    line: 3,
    application: 'shop',
    environment: 'production',
    tags: [],
    route: 'ticket',
    isWarning: false,
    isGate: false,
    interval: 60_000,
    dependsOn: [],
    sha: 'aa',
    ...more,
  };
}

/** Plays the room without a server: commands become facts, facts are folded. */
export class ChecksPlay {
  state = checksRoom.start();
  readonly facts: PlacedEvent[] = [];
  now = Date.UTC(2026, 10, 26, 10);
  #offset = 100;

  /** Carries a command out; the fact that it made. */
  give(command: ChecksCommand, actor = 'ann'): PlacedEvent | undefined {
    const id = `command-${this.#offset}`;
    const subject = checksRoom.subjectOf(this.state, command, id);
    const draft = checksRoom.decide(this.state, command, { now: this.now, actor, id });
    if (!draft) return undefined;
    if (draft.subject !== subject) throw new Error(`${String(draft.subject)} is not ${subject}`);
    const placed = { received: this.now, source: checksSource, id, offset: this.#offset++ };
    // As it comes from the log.
    const event = JSON.parse(
      JSON.stringify({ time: this.now, ...draft, ...placed, stream: 'facts' }),
    ) as PlacedEvent;
    this.facts.push(event);
    this.state = checksRoom.fold(this.state, event);
    return event;
  }
}
