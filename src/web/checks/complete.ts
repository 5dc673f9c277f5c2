import type { StepsAnswer } from '../../server/api/contract-checks.ts';
import type { TextCompletion } from '../kit/use-completions.tsx';

type Step = StepsAnswer['steps'][number];

const shownAtMost = 8;
const stepLine = /^(?<indent>\s*)(?<keyword>Given|When|Then|And|But|\*)\s+(?<typed>.*)$/;
/** In a feature in another language any word may stand before a step. */
const foreignLine = /^(?<indent>\s*)(?<keyword>\S+)\s+(?<typed>.*)$/;
const foreignFeature = /^\s*#\s*language\s*:\s*(?!en\b)/m;
const tagLine = /^\s*(?:@\S+\s+)*(@[^\s(]*)$/;
const keywords = [
  ['Feature: ', 'what this file is about'],
  ['Background:', 'before each scenario'],
  ['Scenario: ', 'one check'],
  ['Scenario Outline: ', 'one check for each row of Examples'],
  ['Examples:', 'the rows of an outline'],
  ['Rule: ', 'scenarios of one kind'],
  ['Given ', 'where and how'],
  ['When ', 'what is done'],
  ['Then ', 'what has to hold'],
  ['And ', 'one more of the same'],
  ['But ', 'one more of the same'],
] as const;
const kindOf: Readonly<Record<string, Step['kind']>> = {
  Given: 'context',
  When: 'action',
  Then: 'assertion',
};

/** Completes a line of a feature: steps by their words, tags, and the words of Gherkin. */
export function completeFeature(
  known: StepsAnswer | undefined,
  before: string,
  [behind, text]: readonly [behind: string, text: string],
): readonly TextCompletion[] {
  if (!known || behind.trim() !== '') return [];
  const tag = tagLine.exec(before)?.[1];
  if (tag !== undefined) return tags(known, tag);
  const isForeign = foreignFeature.test(text);
  const line = (isForeign ? foreignLine : stepLine).exec(before)?.groups;
  if (line) return steps(known, line);
  return isForeign ? [] : words(before.trimStart());
}

function tags({ tags: all }: StepsAnswer, typed: string): TextCompletion[] {
  return all
    .filter(({ tag }) => tag.startsWith(typed) && tag !== typed)
    .slice(0, shownAtMost)
    .map(({ tag, about }) => {
      const open = tag.indexOf('(');
      return {
        text: tag,
        note: about,
        insert: tag,
        replaces: typed.length,
        ...(open >= 0 && { select: { from: open + 1, to: tag.length - 1 } }),
      };
    });
}

function words(typed: string): TextCompletion[] {
  if (typed === '') return [];
  return keywords
    .filter(([word]) => word.toLowerCase().startsWith(typed.toLowerCase()))
    .map(([word, note]) => ({ text: word.trim(), note, insert: word, replaces: typed.length }));
}

/** The words of a step without its values: texts, numbers, and what stands in braces. */
const plainWords = (text: string): string[] =>
  text
    .toLowerCase()
    .replaceAll(/"[^"]*"?|\{[^}]*\}|\([^)]*\)|\b\d[\d.]*/g, ' ')
    .split(/[\s/]+/)
    .filter(Boolean);

function steps(
  { steps: all }: StepsAnswer,
  line: Readonly<Record<string, string>>,
): TextCompletion[] {
  const { typed = '', indent = '', keyword = '' } = line;
  const kind = kindOf[keyword];
  const sought = plainWords(typed);
  const isWhole = all.some(
    ({ expression }) => plainWords(expression).join(' ') === sought.join(' ') && sought.length > 0,
  );
  if (isWhole) return [];
  const rank = (step: Step): number =>
    (step.kind === kind ? 0 : 2) +
    (step.expression.toLowerCase().startsWith(typed.toLowerCase()) ? 0 : 1);
  return all
    .filter(({ expression }) => {
      const has = plainWords(expression);
      return sought.every((word) => has.some((one) => one.startsWith(word)));
    })
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, shownAtMost)
    .map((step) => ({
      text: step.expression,
      note: step.own ? `${step.group}, own` : step.group,
      replaces: typed.length,
      ...written(step, indent),
    }));
}

const aKeyword = /^\s*(?:Given|When|Then|And|But|\*)\s+/;

/** A step as its example has it, with the first value to be typed over. */
function written(step: Step, indent: string): Pick<TextCompletion, 'insert' | 'select'> {
  const { expression, example } = step;
  const shape = shapeOf(expression);
  const bare = example.map((line) => line.replace(aKeyword, ''));
  const first = bare.findIndex((line) => shape.test(line));
  const [head = ''] = bare.slice(first, first + 1);
  if (first < 0 || head === '') return { insert: expression };
  const below = example.slice(first + 1);
  const end = below.findIndex((line) => aKeyword.test(line));
  const insert = [
    head,
    ...below.slice(0, end < 0 ? undefined : end).map((line) => `${indent}  ${line.trim()}`),
  ].join('\n');
  const value = shape.exec(head)?.indices?.[1];
  if (!value) return { insert };
  const [from, to] = value;
  const quoted = head[from] === '"' ? 1 : 0;
  return { insert, select: { from: from + quoted, to: to - quoted } };
}

/** What a cucumber expression means, near enough to find the values in its own example. */
function shapeOf(expression: string): RegExp {
  const texts = expression.split(/\{[^}]*\}/).map((text) =>
    text
      .replaceAll(/[.*+?^$|[\]\\]/g, String.raw`\$&`)
      .replaceAll(/\(([^)]*)\)/g, '(?:$1)?')
      .replaceAll(/[^\s/]+(?:\/[^\s/]+)+/g, (words) => `(?:${words.replaceAll('/', '|')})`),
  );
  return new RegExp(`^${texts.join('(.+?)')}$`, 'd');
}
