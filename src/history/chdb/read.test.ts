import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { historySuite } from '../history.suite.ts';
import { openChdbHistory } from './open.ts';

historySuite('chdb', async () =>
  openChdbHistory({ dir: await mkdtemp(join(tmpdir(), 'territory-history-')) }),
);
