import type { PlacedEvent } from '../event/codec.ts';
import type { Draft } from '../event/event.ts';

/** What a decision may know beside the state. Passed in, so that the same gives the same. */
export interface Context {
  /** ms since the epoch, UTC. */
  readonly now: number;
  /** Who gave the command: a user, a token, `rules`, or the room's own clockwork. */
  readonly actor: string;
  /** Names the command: the same id is carried out once, however often it comes. */
  readonly id: string;
}

/**
 * One vertical slice of the product: its state is a fold of facts, and commands become facts. Pure:
 * no clock, no randomness, no I/O. The server's keeper gives it both.
 */
export interface Room<State, Command> {
  readonly name: string;
  /** The source of its own facts. Facts of these types from anybody else are not folded. */
  readonly source: string;
  /** What the types of its facts begin with. */
  readonly hears: readonly string[];
  readonly start: () => State;
  /**
   * The state with one fact more. Total: a fact that makes no sense changes nothing. It owns the
   * state that it is given and may change its maps in place (a copy of ten thousand alerts for each
   * fact would make a restart take minutes); what stands in the maps is never changed, only
   * replaced, so that what was handed out stays as it was.
   */
  readonly fold: (state: State, event: PlacedEvent) => State;
  /** The subject that a command is about: its facts are appended on condition that it is unchanged. */
  readonly subjectOf: (state: State, command: Command, id: string) => string;
  /**
   * The fact that a command makes, without id; undefined when it changes nothing. One at most, so
   * that a command that is carried out again is recognised by the id of its fact.
   * Throws TERR_ROOM_… to refuse.
   */
  readonly decide: (state: State, command: Command, context: Context) => Draft | undefined;
}
