import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { custom } from './fact.ts';
import type { Product, Row } from './product.ts';
import { products } from './products.ts';

const file = join(import.meta.dirname, '../../../docs/protocols/webhooks.md');

interface Line {
  readonly event: string;
  readonly when: string;
  readonly becomes: string;
  readonly actions: string[];
}

/** Where the name of the fact is the product's own, one line stands for all its actions. */
function becomes({ tool }: Product, { event, actions, type, more }: Row): string {
  const [action = ''] = actions ?? [];
  const own = actions?.length === 1 && type === custom(tool, event, action);
  const shown = own ? type.replace(/[a-z]+\.0\.1\.0$/, '<action>.0.1.0') : type;
  const beside = (more?.types ?? []).map((other) => `, \`${other}\``).join('');
  return `\`${shown}\`${beside}`;
}

/** The table of a product, made of the rows that map. */
function tableOf(product: Product): string {
  const lines: Line[] = [];
  for (const row of product.rows) {
    const line = {
      event: row.event,
      when: row.when?.[0] ?? '',
      becomes: becomes(product, row),
      actions: [...(row.actions ?? [])],
    };
    const same = lines.find(
      (one) =>
        one.event === line.event &&
        one.when === line.when &&
        one.becomes === line.becomes &&
        one.actions.length > 0,
    );
    if (same === undefined) lines.push(line);
    else same.actions.push(...line.actions);
  }
  const code = (words: readonly string[]): string => words.map((word) => `\`${word}\``).join(', ');
  const cells = lines.map(({ event, actions, when, becomes: type }, i) => {
    const rest = lines.slice(0, i).some((before) => before.event === event) ? 'any other' : 'any';
    const words = [code(actions), when].filter((text) => text !== '').join('; ') || rest;
    return `| \`${event}\` | ${words} | ${type} |`;
  });
  const others = product.others === undefined ? [] : ['', product.others];
  const head = ['| event | action; when | becomes |', '|---|---|---|'];
  return [`Proof: ${product.proof}.`, '', ...head, ...cells, ...others].join('\n');
}

test('the page has the tables of the mappings (vitest -u writes them)', async () => {
  let page = readFileSync(file, 'utf8');
  for (const [kind, product] of Object.entries(products)) {
    const place = new RegExp(`(<!-- ${kind} -->)[^]*?(<!-- end -->)`);
    expect(page).toMatch(place);
    const table = tableOf(product);
    page = page.replace(place, (_, start: string, end: string) => `${start}\n\n${table}\n\n${end}`);
  }
  await expect(page).toMatchFileSnapshot(file);
});
