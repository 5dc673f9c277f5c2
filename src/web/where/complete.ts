import { numberColumns, textColumns } from '../../event/where/ast.ts';
import type { Catalogue } from '../../server/api/contract.ts';
import { quote } from './quote.ts';

/** What may stand at the cursor: `text` goes in place of the `replaces` characters before it. */
export interface Completion {
  readonly text: string;
  readonly note: string;
  readonly replaces: number;
}

const shownAtMost = 10;
const fieldAndOperator = /(?<field>[\w.]+)\s*(?:=|!=|=~)\s*(?<value>"?[^"\s]*)$/;
/** Inside a text, behind `tagged`, and right behind the end of a condition. */
const nothingToSay = [
  /^(?:[^"]|"(?:[^"\\]|\\.)*")*"(?:[^"\\]|\\.)*$/,
  /\btagged\s+"?[^"\s]*$/,
  /[")]$/,
];
const connectives = ['not', 'and', 'or'];
const connections = [
  ['and', 'both'],
  ['or', 'either'],
] as const;
const lastWord = /[\w.]*$/;
const operatorExpected = /(?:^|\(|\band|\bor|\bnot)\s*(?<field>[a-z_][\w.]*)\s+$/i;
const conditionDone = /(?:"|\d|\)|\b(?:nil|null|true|false))\s+\w*$/i;

/** Completes a filter by what has been seen. `before` is the text in front of the cursor. */
export function complete(before: string, catalogue: Catalogue | undefined): readonly Completion[] {
  const { field: valued, value = '' } = groups(fieldAndOperator, before);
  if (valued !== undefined) return values(valued, value, catalogue);
  if (nothingToSay.some((shape) => shape.test(before))) return [];
  const { field } = groups(operatorExpected, before);
  if (field !== undefined && !connectives.includes(field.toLowerCase())) return operators(field);
  const word = lastWord.exec(before)?.[0] ?? '';
  if (field === undefined && conditionDone.test(before)) return matching(word, connections);
  return matching(word, [...fields(catalogue), ['not', 'the opposite'], ['tagged', 'has the tag']]);
}

const groups = (
  shape: RegExp,
  text: string,
): { readonly field?: string; readonly value?: string } => shape.exec(text)?.groups ?? {};

function fields(catalogue: Catalogue | undefined): (readonly [string, string])[] {
  const labels = catalogue?.kinds.label?.entries ?? [];
  return [
    ...textColumns.map((name) => [name, 'field'] as const),
    ...numberColumns.map((name) => [name, 'number'] as const),
    ...labels
      .filter((l) => /^[a-z_][\w-]*(\.[\w-]+)*$/i.test(l.value))
      .map((l) => [`label.${l.value}`, 'attribute'] as const),
  ];
}

function operators(field: string): readonly Completion[] {
  const texts = [
    ['=', 'equal'],
    ['!=', 'not equal'],
    ['=~', 'like, % is anything'],
    ['~=', 'regular expression'],
  ] as const;
  const numbers = [
    ['>', 'more than'],
    ['<', 'less than'],
    ['>=', 'at least'],
    ['<=', 'at most'],
  ] as const;
  const isNumber = numberColumns.some((name) => name === field);
  const isText = textColumns.some((name) => name === field);
  const fitting = isNumber ? numbers : isText ? texts : [...texts, ...numbers];
  return fitting.map(([text, note]) => ({ text: `${text} `, note, replaces: 0 }));
}

function values(field: string, typed: string, catalogue: Catalogue | undefined): Completion[] {
  const sought = typed.replace(/^"/, '').toLowerCase();
  return valuesOf(field, catalogue)
    .filter((value) => value.toLowerCase().includes(sought))
    .slice(0, shownAtMost)
    .map((value) => ({ text: `${quote(value)} `, note: field, replaces: typed.length }));
}

function valuesOf(field: string, catalogue: Catalogue | undefined): readonly string[] {
  if (field === 'state') return ['ok', 'warning', 'critical', 'unknown'];
  const kinds = ['source', 'type', 'service', 'host', 'environment', 'name'] as const;
  const kind = kinds.find((k) => k === field);
  if (kind) return catalogue?.kinds[kind]?.entries.map((e) => e.value) ?? [];
  const label = field.replace(/^(label|attributes)\./, '');
  return catalogue?.kinds.label?.entries.find((l) => l.value === label)?.values ?? [];
}

function matching(word: string, from: readonly (readonly [string, string])[]): Completion[] {
  const sought = word.toLowerCase();
  const found = from.filter(
    ([text]) =>
      text !== word &&
      (text.toLowerCase().startsWith(sought) || text.toLowerCase().startsWith(`label.${sought}`)),
  );
  return found
    .slice(0, shownAtMost)
    .map(([text, note]) => ({ text: `${text} `, note, replaces: word.length }));
}
