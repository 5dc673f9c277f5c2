import type { MapModel } from '../model.ts';
import type { Unit } from './unit.ts';

/** One way of drawing units together: those with the same key become one. */
export interface Phase {
  readonly keyOf: (unit: Unit) => string | undefined;
  readonly titleOf: (key: string, units: readonly Unit[]) => string;
  /** All of them or none, so that like is drawn like; else only as many as needed. */
  readonly together: boolean;
}

/** From what is hardly missed when it is drawn as one, to what is. */
export function phases(model: MapModel): readonly Phase[] {
  return [
    { keyOf: membersOf(model), titleOf: (key) => key, together: true },
    { keyOf: loose(stemOf), titleOf: (key) => key.replace(/[-./]?\*$/, ''), together: true },
    {
      keyOf: loose((unit) => `${familyOf(unit)}/${unit.kind}s`),
      titleOf: (key, units) => `${commonStart(units) ?? familyTitle(key)} ${plural(units[0])}`,
      together: true,
    },
    {
      keyOf: loose(familyOf),
      titleOf: (key, units) => commonStart(units) ?? key,
      together: true,
    },
    { keyOf: loose(({ kind }) => `${kind}s`), titleOf: kindTitle, together: false },
    { keyOf: loose(() => 'others'), titleOf: () => 'others', together: false },
    { keyOf: ({ kind }) => `all ${kind}s`, titleOf: kindTitle, together: false },
    { keyOf: () => 'all', titleOf: () => 'all', together: false },
  ];
}

/** Units that nobody looks for in particular. */
const loose =
  (keyOf: (unit: Unit) => string | undefined) =>
  (unit: Unit): string | undefined =>
    unit.kept ? undefined : keyOf(unit);

/** Members of an n-of-m need, by the text of the first that names them. */
function membersOf(model: MapModel): (unit: Unit) => string | undefined {
  const texts = new Map<string, string>();
  for (const { members, text } of model.groups)
    for (const member of members) if (!texts.has(member)) texts.set(member, text);
  return loose(({ id }) => texts.get(id));
}

/** `web-*` of `web-1`: instances of one thing differ by their numbers. */
function stemOf({ id, name }: Unit): string | undefined {
  const stem = /^(?<stem>.*?[^\d])\d+$/.exec(name ?? id)?.groups?.['stem'];
  return stem === undefined ? undefined : `${stem}*`;
}

/** Who looks after it; else with what its id begins. */
function familyOf({ owner, id, name }: Unit): string {
  return owner ?? startOf(name ?? id);
}

const startOf = (id: string): string => /^[^-./_]+/.exec(id)?.[0] ?? id;
const familyTitle = (key: string): string => key.replace(/\/[^/]*$/, '');

/** With what all their ids begin. */
function commonStart(units: readonly Unit[]): string | undefined {
  const starts = new Set(units.map(({ id, name }) => startOf(name ?? id)));
  return starts.size === 1 ? [...starts][0] : undefined;
}

const plural = (unit: Unit | undefined): string => {
  const kind = unit?.kind.replaceAll('-', ' ') ?? '';
  return kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : `${kind}s`;
};

const kindTitle = (_key: string, units: readonly Unit[]): string => `other ${plural(units[0])}`;
