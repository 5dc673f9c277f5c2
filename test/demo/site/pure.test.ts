import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** The site's own modules: JavaScript, with types that only its own tsconfig sees. */
const load = async <T>(file: string): Promise<T> =>
  (await import(join(import.meta.dirname, '../../../examples/newsroom/site/src', file))) as T;

interface Item {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly feed: string;
  readonly publishedAt: number;
}
type Search = (
  items: readonly Item[],
  query: string,
  synonyms?: readonly { word: string; means: string }[],
) => readonly Item[];

const { search, wordsOf } = await load<{ search: Search; wordsOf: (text: string) => string[] }>(
  'search.js',
);
const { html, Html } = await load<{
  html: (strings: TemplateStringsArray, ...pieces: readonly unknown[]) => { text: string };
  Html: new (text: string) => { text: string };
}>('html.js');
const { agentOf } = await load<{ agentOf: (header: string | undefined) => string }>('measure.js');
const { cookieOf } = await load<{
  cookieOf: (header: string | undefined, name: string) => string | undefined;
}>('cookies.js');

const items: readonly Item[] = [
  ['fog', 'Morning fog over the harbour', 'Two ferries leave.', 'coast'],
  ['snow', 'First snow in the old town', 'Roofs at night; the harbour is white.', 'city'],
  ['cafe', 'Café on the pier', 'Gulls and waves.', 'coast'],
].map(([id = '', title = '', description = '', feed = ''], at) => ({
  id,
  title,
  description,
  feed,
  publishedAt: 1000 - at,
}));
const ids = (query: string, synonyms = [{ word: 'sea', means: 'waves' }]): readonly string[] =>
  search(items, query, synonyms).map(({ id }) => id);

describe('a search', () => {
  it.each([
    ['harbour', ['fog', 'snow']], // in the title before in the text
    ['HARBOUR snow', ['snow']], // all of the words
    ['harb', ['fog', 'snow']], // as one types
    ['cafe', ['cafe']], // without the accent
    ['sea', ['cafe']], // by what it means
    ['coast', ['fog', 'cafe']], // by where it came from
    ['arbour', []],
    ['', ['fog', 'snow', 'cafe']],
    [' .,; ', ['fog', 'snow', 'cafe']],
  ])('for "%s"', (query, expected) => {
    expect(ids(query)).toEqual(expected);
  });

  it('finds each clip by each of its words, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (title) => {
        const item = { id: 'x', title, description: '', feed: '', publishedAt: 0 };
        for (const word of wordsOf(title)) expect(search([item], word)).toEqual([item]);
      }),
    );
  });
});

describe('a page', () => {
  it('escapes what is put in, in texts and attributes', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const made = html`<a title="${text}">${[text]}</a>`.text;
        expect(made.match(/[<>"']/g)?.join('')).toBe('<""><>');
      }),
    );
  });

  it('takes what is HTML already as it is, and nothing for what is not there', () => {
    expect(html`${new Html('<b>')}${undefined}${false}${0}${['a', new Html('<i>')]}`.text).toBe(
      '<b>0a<i>',
    );
  });
});

it.each([
  [
    'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36 Edg/126.0',
    'edge',
  ],
  ['Mozilla/5.0 (X11) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36', 'chrome'],
  ['Mozilla/5.0 (X11; rv:127.0) Gecko/20100101 Firefox/127.0', 'firefox'],
  ['Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1', 'safari'],
  ['territory-check', 'territory-check'],
  ['curl/7.88.1', 'curl'],
  ['', 'unknown'],
  [undefined, 'unknown'],
])('the browser that calls itself %s', (header, expected) => {
  expect(agentOf(header)).toBe(expected);
});

it.each([
  ['session=a', 'a'],
  ['other=b; session=a=b', 'a=b'],
  ['xsession=a', undefined],
  [undefined, undefined],
])('the cookie in "%s"', (header, expected) => {
  expect(cookieOf(header, 'session')).toBe(expected);
});
