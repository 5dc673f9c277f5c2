import {
  type Binding,
  type BindingKey,
  type MapModel,
  type NodeNames,
  bindingKeys,
} from '../model.ts';
import { processKey } from '../health.ts';
import type { EventNames } from './names.ts';
import { type Pattern, filled, isTemplate, nameOfKey, patternOf } from './pattern.ts';

type Name = keyof EventNames;

/** What must hold of one name of an event. */
export interface Test {
  readonly name: Name;
  readonly pattern: Pattern;
  /** An event that does not say it fits as well; only one that says otherwise does not. */
  readonly lenient: boolean;
}

/** One way to one node or process. */
export interface Rule {
  /** Key of a node or process; undefined: it leads nowhere, on purpose. */
  readonly id: string | undefined;
  readonly process: boolean;
  /** By which the rule is looked up. */
  readonly first: Test;
  readonly others: readonly Test[];
  /** Of two rules of one binding that fit, the greater finds alone. */
  readonly rank: number;
}

/** What a node or process is called, under the key that it is found as. */
interface Target {
  readonly key: string;
  readonly id: string;
  readonly names: NodeNames;
  readonly process: boolean;
}

/** In this order one of the keys of a binding is looked up; the others are compared. */
const lookUp: readonly BindingKey[] = [
  'check',
  'service.name',
  'host.name',
  'source',
  'subject',
  'repository',
  'service.namespace',
  'deployment.environment',
];
/** Names that are of one place by themselves, so that the place need not be said beside them. */
const singular: ReadonlySet<BindingKey> = new Set(['check', 'host.name', 'source', 'repository']);
/** Names that only say where something is. */
const areas: ReadonlySet<string> = new Set(['namespace', 'environment']);
const places = ['namespace', 'environment', 'host'] as const;

/** All ways of one binding to what is on the map. */
export function rulesOf(binding: Binding, model: MapModel): Rule[] {
  const keys = bindingKeys.filter((key) => binding.match[key] !== undefined);
  const patterns = keys.flatMap((key) => binding.match[key] ?? []);
  if (keys.length === 0) return [];
  if (binding.node !== undefined) {
    const target = targetOf(binding.node, model);
    return target ? ruleTo(target, binding, []) : [];
  }
  if (!patterns.some(isTemplate)) return ruleTo(undefined, binding, []);
  return targetsOf(model).flatMap((target) => {
    if (onlyAreas(keys) && Object.keys(target.names).some((name) => !areas.has(name))) return [];
    return ruleTo(target, binding, ownTests(keys, target.names));
  });
}

function ruleTo(target: Target | undefined, { match }: Binding, own: readonly Test[]): Rule[] {
  const { key: id, process = false, names = {} } = target ?? {};
  const keys = lookUp.filter((key) => match[key] !== undefined);
  const texts = keys.map((key) => filled(match[key] ?? '', target?.id ?? '', names));
  const said = keys.flatMap((key, i) => testOf(nameOfKey[key], texts[i] ?? '', false));
  const [first, ...others] = said;
  if (!first || texts.includes(undefined)) return [];
  const rank = rankOf(first, others, names);
  return [{ id, process, first, others: [...others, ...own], rank }];
}

/**
 * What the node says of itself beside what the binding compares. Services, subjects and areas are
 * in many places: where they are must be said. A check, a host, a source or a repository is one
 * thing, and commits for one never say where they will run.
 */
function ownTests(keys: readonly BindingKey[], names: NodeNames): Test[] {
  const compared = new Set<Name>(keys.map((key) => nameOfKey[key]));
  const lenient = keys.some((key) => singular.has(key));
  const own = places.flatMap((name) => {
    const text = names[name];
    return text === undefined || compared.has(name) ? [] : testOf(name, text, lenient);
  });
  if (names.service === undefined || compared.has('service')) return own;
  return [...own, testOf('service', names.service, true)];
}

function testOf(name: Name, text: string, lenient: boolean): Test {
  return { name, pattern: patternOf(name, text), lenient };
}

/** First how closely it says where, then how much of the names is said without `*`. */
function rankOf(first: Test, others: readonly Test[], names: NodeNames): number {
  const closeness = places.filter((name) => names[name] !== undefined).length;
  const length = [first, ...others].reduce((sum, { pattern }) => {
    const exact = pattern.parts.length === 1 ? 1_000_000 : 0;
    return sum + exact + Math.min(pattern.length, 10_000);
  }, 0);
  return closeness * 1e9 + length;
}

const onlyAreas = (keys: readonly BindingKey[]): boolean =>
  keys.every((key) => areas.has(nameOfKey[key]));

function targetsOf({ nodes, processes }: MapModel): Target[] {
  return [
    ...[...nodes.values()].map(({ id, names }) => ({ key: id, id, names, process: false })),
    ...[...processes.values()].map(({ id, names }) => ({
      key: processKey(id),
      id,
      names,
      process: true,
    })),
  ];
}

function targetOf(id: string, model: MapModel): Target | undefined {
  return targetsOf(model).find(({ key }) => key === id) ?? processOf(id, model);
}

function processOf(id: string, model: MapModel): Target | undefined {
  return targetsOf(model).find((target) => target.process && target.id === id);
}
