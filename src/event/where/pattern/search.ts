import { type Program, programOf, type Step } from './program.ts';
import type { Assertion, Pattern } from './tree.ts';

/** How many states are kept; beyond it they are forgotten and made anew as they are needed. */
const maxStates = 1000;

/** What stands before a place in the text. */
type Before = 'start' | 'word' | 'other';

/** Steps that the automaton may be at, before what follows is known. */
interface State {
  readonly steps: readonly number[];
  readonly before: Before;
  /** By the class of the next character; undefined: not computed yet. */
  readonly next: (State | undefined)[];
  /** Whether the pattern is found when the text ends here. */
  atEnd: boolean | undefined;
}

/**
 * Whether a pattern is found anywhere in a text, as a function. It runs a deterministic automaton
 * that is built as far as the texts seen need it: one table look-up for each character, and at
 * worst the size of the pattern for each, never exponential. Matches over code points; `.` takes
 * line breaks too.
 */
export function searcherOf(tree: Pattern): (text: string) => boolean {
  const machine = new Machine(programOf(tree));
  return (text) => machine.search(text);
}

class Machine {
  private readonly program: Program;
  /** The first code point of each class of characters that the pattern treats alike. */
  private readonly starts: readonly number[];
  private readonly asciiClasses: Uint16Array;
  private readonly looksAround: boolean;
  private states = new Map<string, State>();
  private readonly found: State;

  constructor(program: Program) {
    this.program = program;
    this.looksAround = program.steps.some((step) => step.kind === 'assert');
    this.starts = classStarts(program.steps);
    this.asciiClasses = Uint16Array.from({ length: 128 }, (_, code) => this.classOf(code));
    this.found = { steps: [], before: 'other', next: [], atEnd: true };
  }

  search(text: string): boolean {
    let state = this.stateOf([], 'start');
    for (let i = 0; i < text.length; i++) {
      let code = text.charCodeAt(i);
      let characterClass: number;
      if (code < 128) characterClass = this.asciiClasses[code] ?? 0;
      else {
        code = text.codePointAt(i) ?? code;
        if (code > 0xffff) i++;
        characterClass = this.classOf(code);
      }
      state = state.next[characterClass] ?? this.advance(state, characterClass);
      if (state === this.found) return true;
    }
    state.atEnd ??= this.closure(state, 'end').has(0);
    return state.atEnd;
  }

  private advance(state: State, characterClass: number): State {
    const first = this.starts[characterClass] ?? 0;
    const reached = this.closure(state, isWord(first) ? 'word' : 'other');
    const next = reached.has(0) ? this.found : this.stateBehind(reached, first);
    state.next[characterClass] = next;
    return next;
  }

  private stateBehind(reached: ReadonlySet<number>, codePoint: number): State {
    const steps = new Set<number>();
    for (const index of reached) {
      const step = this.program.steps[index];
      if (step?.kind === 'set' && step.spans.some(([a, b]) => a <= codePoint && codePoint <= b))
        steps.add(step.next);
    }
    const before = this.looksAround && isWord(codePoint) ? 'word' : 'other';
    return this.stateOf(
      [...steps].toSorted((a, b) => a - b),
      before,
    );
  }

  private stateOf(steps: readonly number[], before: Before): State {
    const key = `${before}${steps.join()}`;
    const known = this.states.get(key);
    if (known !== undefined) return known;
    if (this.states.size >= maxStates) this.states = new Map();
    const state: State = { steps, before, next: [], atEnd: undefined };
    this.states.set(key, state);
    return state;
  }

  /** The steps reachable without taking a character; a search may also begin here. */
  private closure(state: State, after: 'end' | 'word' | 'other'): Set<number> {
    const reached = new Set<number>();
    const todo = [...state.steps, this.program.start];
    for (let index = todo.pop(); index !== undefined; index = todo.pop()) {
      const step = this.program.steps[index];
      if (step === undefined || reached.has(index)) continue;
      reached.add(index);
      if (step.kind === 'fork') todo.push(step.other, step.next);
      if (step.kind === 'assert' && holds(step.what, state.before, after)) todo.push(step.next);
    }
    return reached;
  }

  private classOf(codePoint: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= codePoint) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function classStarts(steps: readonly Step[]): number[] {
  const spans = steps.flatMap((step) => (step.kind === 'set' ? step.spans : []));
  const words = [0x30, 0x3a, 0x41, 0x5b, 0x5f, 0x60, 0x61, 0x7b];
  const starts = new Set([0, ...words, ...spans.flatMap(([from, to]) => [from, to + 1])]);
  return [...starts].toSorted((a, b) => a - b);
}

function holds(what: Assertion, before: Before, after: 'end' | 'word' | 'other'): boolean {
  if (what === 'start') return before === 'start';
  if (what === 'end') return after === 'end';
  return (before === 'word') !== (after === 'word');
}

function isWord(codePoint: number): boolean {
  return /\w/.test(String.fromCodePoint(codePoint));
}
