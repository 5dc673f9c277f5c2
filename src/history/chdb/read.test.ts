import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { historySuite } from '../history.suite.ts';
import { openChdbHistory } from './open.ts';

const dir = mkdtempSync(join(tmpdir(), 'territory-history-'));
afterAll(() => rmSync(dir, { recursive: true }));

historySuite('chdb', () => openChdbHistory({ dir }));
