// @ts-check
import { startService } from 'newsroom-service';
import { openSite } from './src/site.js';

const site = await openSite(process.env);

const service = await startService({
  name: 'site',
  help: `The newsroom's site: clips to look for, to look at and to order; signing up; writing to us.

PAYMENTS_WITHIN_MS   how long the payment provider may take (2000)
PAGE_SIZE            clips on a page (24)`,
  variables: {
    STORE: 'folder with site.db and public/items.json',
    PAYMENTS_URL: 'address of the payment provider',
  },
  checks: site.checks,
  routes: site.routes,
  drain: async () => site.close(),
});
site.runsAs(service);
