import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** docs/formats/map.md */
export const mapPage = readFileSync(
  join(import.meta.dirname, '../../../../docs/formats/map.md'),
  'utf8',
);

/** The map of that page, as tests read it. */
export const exampleMap = /```yaml\n([\s\S]*?)```/.exec(mapPage)?.[1] ?? '';
