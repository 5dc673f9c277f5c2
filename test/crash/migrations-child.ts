import { writeSync } from 'node:fs';
import type { DatabasePlace } from '../../src/runner/config/config.ts';
import type { MigrationText } from '../../src/runner/migrations/migrator.ts';
import { openMigrator } from '../../src/runner/migrations/open.ts';

/** What the test wants of one life of this process. */
export interface MigrationOrders {
  readonly place: DatabasePlace;
  readonly migrations: readonly MigrationText[];
}

const orders = JSON.parse(process.argv[2] ?? '') as MigrationOrders;
const ran = await openMigrator('orders', orders.place).run(orders.migrations, {
  version: 'release_1',
  say: (text) => writeSync(1, `${text}\n`),
  signal: new AbortController().signal,
});
writeSync(1, `ran ${JSON.stringify(ran)}\n`);
