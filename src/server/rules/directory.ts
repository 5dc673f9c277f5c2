import { join } from 'node:path';
import type { Config } from '../config/schema.ts';

/** Where the rule files are: `rules.directory`, or `rules` below the data directory. */
export function rulesDirectory({ data, rules }: Pick<Config, 'data' | 'rules'>): string {
  return rules.directory ?? join(data, 'rules');
}
