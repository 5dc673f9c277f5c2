import {
  type Document,
  LineCounter,
  type YAMLMap,
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseDocument,
} from 'yaml';
import { nearest } from './nearest.ts';
import { type Setting, settings } from './schema.ts';
import { type SettingValue, readSetting } from './value.ts';

/** Something wrong with the configuration, and where. */
export interface ConfigProblem {
  /** The setting, when it is about one. */
  readonly name?: string;
  /** The file, flag or environment variable at fault. */
  readonly origin: string;
  /** In a file, from 1. */
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

export interface FileReading {
  readonly values: ReadonlyMap<string, SettingValue>;
  readonly problems: readonly ConfigProblem[];
}

interface Walk {
  readonly path: string;
  readonly lines: LineCounter;
  readonly document: Document;
  readonly values: Map<string, SettingValue>;
  readonly problems: ConfigProblem[];
}

const byName = new Map(settings.map((setting) => [setting.name, setting]));

/** Reads the text of a YAML configuration file; `path` is only named in problems. */
export function readConfigText(text: string, path: string): FileReading {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const walk: Walk = { path, lines, document, values: new Map(), problems: [] };
  for (const error of document.errors) report(walk, error.pos[0], { message: error.message });
  if (walk.problems.length > 0) return walk;
  const top = document.contents;
  if (isMap(top)) readGroup(walk, top, '');
  else if (top !== null && !(isScalar(top) && top.value === null))
    report(walk, top.range?.[0] ?? 0, { message: 'must hold settings, such as "port: 7070"' });
  return walk;
}

function readGroup(walk: Walk, map: unknown, prefix: string): void {
  if (!isMap(map)) return;
  for (const { key, value } of map.items) {
    const at = offsetOf(key);
    const name = `${prefix}${String(isScalar(key) ? key.value : key)}`;
    const setting = byName.get(name);
    if (setting !== undefined) readLeaf(walk, setting, { value, at });
    else if (!isGroup(name)) report(walk, at, { name, message: unknownName(name) });
    else if (isMap(value)) readGroup(walk, value, `${name}.`);
    else if (!(isScalar(value) && value.value === null))
      report(walk, offsetOf(value) || at, { name, message: `${name} must be a group of settings` });
  }
}

function readLeaf(walk: Walk, setting: Setting, entry: { value: unknown; at: number }): void {
  const { value, at } = entry;
  const { name } = setting;
  const read = readSetting(setting, writtenIn(value, walk.document));
  if ('value' in read) walk.values.set(name, read.value);
  else {
    const offset = offsetWithin(value, read.at ?? []) || offsetOf(value) || at;
    report(walk, offset, { name, message: `${name} ${read.wrong}` });
  }
}

/** YAML reads `5_000` or `0x10` as numbers; we take the text that was written. */
function writtenIn(node: unknown, document: Document): unknown {
  if (isMap(node) || isSeq(node)) return node.toJS(document) as unknown;
  if (!isScalar(node)) return {};
  return node.source ?? node.value ?? {};
}

/** Where something inside a list or map stands; of what is missing, where it would belong. */
function offsetWithin(node: unknown, at: readonly string[]): number {
  let here = node;
  for (const step of at) {
    if (!isMap(here) && !isSeq(here)) break;
    const key = isMap(here) ? keyNamed(here, step) : undefined;
    const inner = here.get(isSeq(here) ? Number(step) : step, true);
    if (inner === undefined) break;
    here = inner === null || !isNode(inner) ? key : inner;
  }
  return offsetOf(here);
}

function keyNamed(map: YAMLMap, name: string): unknown {
  return map.items.find(({ key }) => isScalar(key) && key.value === name)?.key;
}

function offsetOf(node: unknown): number {
  const range = (node as { range?: readonly number[] | null } | null)?.range;
  return range?.[0] ?? 0;
}

function isGroup(name: string): boolean {
  return settings.some((setting) => setting.name.startsWith(`${name}.`));
}

/** Says that there is no such setting, and which one may have been meant. */
export function unknownName(name: string): string {
  const groups = settings.map((s) => s.name.slice(0, Math.max(0, s.name.lastIndexOf('.'))));
  const names = [...settings.map((s) => s.name), ...new Set(groups)].filter((n) => n !== '');
  const last = (n: string) => n.slice(n.lastIndexOf('.') + 1);
  const meant = nearest(name, names) ?? names.find((n) => last(n) === last(name));
  return `there is no setting ${name}${meant ? `; did you mean ${meant}?` : ''}`;
}

function report(walk: Walk, offset: number, problem: { name?: string; message: string }): void {
  const { line, col } = walk.lines.linePos(offset);
  walk.problems.push({ origin: walk.path, line, column: col, ...problem });
}
