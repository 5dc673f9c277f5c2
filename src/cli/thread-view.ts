import type { Thread, ThreadEdge, ThreadThing } from '../server/api/contract-thread.ts';
import type { Terminal } from './terminal.ts';
import { plural, printable, showTime } from './words.ts';

type Style = Terminal['style'];

/** A thread as lines to read at night: causes above, what was asked for in the middle, effects below. */
export function threadLines(thread: Thread, style: Style): string[] {
  const { things, edges } = thread;
  const on = (side: ThreadThing['side']) => things.filter((thing) => thing.side === side);
  const [focus] = on('focus');
  if (!focus) return [];
  const [up, down] = [on('up'), on('down')];
  const view = new View(things, edges, style);
  const line = [...up, focus, ...down];
  const told = line.map((thing, at) => view.thing(thing, line[at - 1]));
  const heading = (text: string): string[] => [style('bold', text)];
  return [
    ...(up.length > 0 ? heading('what led to it') : []),
    ...told.slice(0, up.length).flat(),
    ...(told[up.length] ?? []),
    ...(down.length > 0 ? heading('what came of it') : []),
    ...told.slice(up.length + 1).flat(),
    ...besideLines(on('beside'), style),
    ...(up.length + down.length === 0 ? ['no other fact hangs together with it'] : []),
    ...(thread.cut ? ['there is more: only the nearest things are shown'] : []),
  ];
}

/** What a text may mean, a line each, to choose one of. */
export function matchLines({ matches }: Thread): string[] {
  return matches.map(({ key, seen, title }) =>
    [key, showTime(seen), title ?? ''].map(printable).join('  ').trimEnd(),
  );
}

class View {
  readonly #byKey: ReadonlyMap<string, ThreadThing>;
  readonly #edges: readonly ThreadEdge[];
  readonly #style: Style;

  constructor(things: readonly ThreadThing[], edges: readonly ThreadEdge[], style: Style) {
    this.#byKey = new Map(things.map((thing) => [thing.key, thing]));
    this.#edges = edges;
    this.#style = style;
  }

  thing(thing: ThreadThing, before: ThreadThing | undefined): string[] {
    const focus = thing.side === 'focus';
    const who = thing.first?.who;
    const head = [
      focus ? '▶' : ' ',
      showTime(timeOf(thing)).padEnd(20),
      (before ? gap(timeOf(thing) - timeOf(before)) : '').padStart(9),
      ` ${thing.kind.padEnd(10)}`,
      this.#style(focus ? ['bold', 'inverse'] : 'bold', shortName(thing)),
      ...(thing.title === undefined ? [] : [` ${printable(thing.title)}`]),
      ...(thing.state === undefined ? [] : [` [${printable(thing.state)}]`]),
      ...(who === undefined ? [] : [` by ${printable(who)}`]),
    ];
    return [head.join(' '), ...this.#notes(thing).map((note) => `${' '.repeat(34)}${note}`)];
  }

  #notes(thing: ThreadThing): string[] {
    const { first, last, leftOut } = thing;
    const later = first && last && last.time > first.time;
    return [
      ...this.#reasons(thing),
      ...(later
        ? [`${last.what ?? 'last heard of'} ${span(last.time - first.time)} later, ${place(last)}`]
        : []),
      ...(leftOut > 0 ? [`${plural(leftOut, 'more thing')} hang on it, not shown`] : []),
    ];
  }

  /** How it hangs on what is nearer to the middle. */
  #reasons(thing: ThreadThing): string[] {
    return this.#edges.flatMap(({ from, to, ...edge }) => {
      if (from !== thing.key && to !== thing.key) return [];
      const other = this.#byKey.get(from === thing.key ? to : from);
      if (!other || other.side === 'beside' || other.distance >= thing.distance) return [];
      const words = from === thing.key ? edge.forward : edge.backward;
      const sure = sureness[edge.certainty];
      const text = `${words} ${other.kind} ${shortName(other)}${sure}, ${place(edge.evidence)}`;
      return [edge.certainty === 'suspected' ? this.#style('yellow', `? ${text}`) : text];
    });
  }
}

const sureness = {
  stated: '',
  derived: ' (it descends from it)',
  suspected: ' (suspected, not stated)',
} as const;

const place = ({ stream, offset }: { readonly stream: string; readonly offset: number }): string =>
  `${stream}-${offset}`;

const timeOf = ({ first, seen }: ThreadThing): number => first?.time ?? seen;

function shortName({ kind, name }: Pick<ThreadThing, 'kind' | 'name'>): string {
  return printable(kind === 'commit' ? name.slice(0, 12) : name);
}

function besideLines(things: readonly ThreadThing[], style: Style): string[] {
  const named = things.map(({ kind, name }) => `${kind} ${printable(name)}`);
  return named.length === 0 ? [] : [`${style('bold', 'touches')}  ${named.join(', ')}`];
}

const units: readonly (readonly [ms: number, word: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
];

const gap = (ms: number): string => (ms < 0 ? `-${span(-ms)}` : `+${span(ms)}`);

/** `3 h`, `12 min`, `0 s`: the largest unit that fits, rounded down. */
function span(ms: number): string {
  const [unit, word] = units.find(([least]) => ms >= least) ?? [1_000, 's'];
  return `${Math.floor(ms / unit)} ${word}`;
}
