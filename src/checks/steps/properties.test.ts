import fc from 'fast-check';
import { expect, test } from 'vitest';
import { filled, namesIn } from '../language/remembered.ts';
import { nameOf, whereOf } from './connection.ts';
import { pageOf } from './html.ts';
import { matching } from './matching.ts';

test('a place is read as it is written', () => {
  const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6());
  fc.assert(
    fc.property(host, fc.integer({ min: 1, max: 65_535 }), (name, port) => {
      expect(whereOf(nameOf({ host: name, port }), 1)).toEqual({ host: name, port });
    }),
  );
});

test('what is put in is what was remembered, and no name in braces is left', () => {
  const name = fc.stringMatching(/^[A-Za-z][\w-]{0,8}$/);
  fc.assert(
    fc.property(name, fc.string(), fc.string(), (key, value, around) => {
      const plain = around.replaceAll(/[{}]/g, '');
      const known = new Map([[key, value]]);
      expect(filled(`${plain}{${key}}${plain}`, known)).toBe(`${plain}${value}${plain}`);
      expect(namesIn(`${plain}{${key}}${plain}`)).toEqual([key]);
    }),
  );
});

test('an expression finds what it finds by itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'b', '1') }), (text) => {
      for (const expression of [/a+(b)?/, /^[ab]*$/, /1{2}/])
        expect(matching(expression, text)).toEqual(
          expression.exec(text)?.map((one: string | undefined) => one ?? ''),
        );
    }),
    { numRuns: 30 },
  );
});

test('whatever a page is, its links are read', () => {
  const part = fc.constantFrom(
    '<a href="/x">',
    '</a>',
    '<b>',
    '<',
    '&',
    '<!--',
    '-->',
    'words',
    '"',
    "<a href='",
    '<![CDATA[',
  );
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const { links } = pageOf(`${parts.join('')}<p></p>`);
      expect(links.length).toBeLessThanOrEqual(parts.length);
    }),
  );
});
