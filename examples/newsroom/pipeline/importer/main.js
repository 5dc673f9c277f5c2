// @ts-check
import { startService } from 'newsroom-service';
import { openJobs } from '#jobs/jobs.js';
import { Import } from './import.js';

const store = process.env['STORE'] ?? '.';
/** @type {ReturnType<typeof openJobs> | undefined} */
let opened;
const jobs = () => (opened ??= openJobs(store));

/** @type {Import[]} */
let feeds = [];

const service = await startService({
  name: 'importer',
  help: `Asks the feeds for what is new, puts each file into STORE/inbox once it is whole, and its jobs into
the table of jobs. A guid is taken once, whatever the feeds say.

FEEDS           feeds below FEEDS_URL (wire city coast/)
POLL_MS         between two looks at a feed (2000)
WITHIN_MS       how long a feed may take to answer (5000)`,
  variables: {
    STORE: 'folder of the environment',
    FEEDS_URL: 'address of the feeds',
  },
  checks: {
    feeds: () => {
      const failing = feeds.filter((feed) => feed.trouble !== '');
      const words = failing.map((feed) => `${feed.name}: ${feed.trouble}`);
      // One feed that is away is that feed's trouble; without any there is nothing left to do here.
      const isWell = failing.length < Math.max(1, feeds.length);
      return {
        status: isWell ? 'pass' : 'fail',
        output: words.length === 0 ? `${feeds.length} feeds answer` : words.join('; '),
      };
    },
  },
  drain: async () => {
    await Promise.all(feeds.map(async (feed) => feed.ended));
    opened?.close();
  },
});

feeds = (process.env['FEEDS'] ?? 'wire city coast/').split(' ').map(
  (path) =>
    new Import(path, {
      service,
      jobs: jobs(),
      store,
      base: `${process.env['FEEDS_URL']}`,
      pollMs: Number(process.env['POLL_MS'] ?? 2_000),
      withinMs: Number(process.env['WITHIN_MS'] ?? 5_000),
    }),
);
