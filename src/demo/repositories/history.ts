import { type Person, people } from './people.ts';

export type RepositoryName = 'site' | 'pipeline';
export const repositoryNames: readonly RepositoryName[] = ['site', 'pipeline'];

/** One change of the weeks before the demo: which of today's files it brought. */
export interface PastChange {
  /** Of its pull request; undefined for the first commit. */
  readonly number?: number;
  readonly branch?: string;
  readonly card?: string;
  readonly title: string;
  readonly body?: string;
  readonly author: Person;
  readonly reviewer?: Person;
  readonly daysAgo: number;
  /** Files, and folders with `/` at their end. The first commit has all that no other one brings. */
  readonly brings: readonly string[];
  /** Tag of the release that was made of it. */
  readonly tag?: string;
}

const [ines, tomasz, priya] = people.site;
const [jonas, amara, mateo] = people.pipeline;

/** How each repository came to be what it is when the demo begins, the oldest first. */
export const history: Readonly<Record<RepositoryName, readonly PastChange[]>> = {
  site: [
    {
      title: 'A page with the newest clips',
      author: ines,
      daysAgo: 38,
      brings: [],
    },
    {
      number: 2,
      branch: 'search',
      card: 'NEWS-3',
      title: 'find clips by their words',
      body: 'A search that finds nothing says so, and asks what is missing.',
      author: tomasz,
      reviewer: ines,
      daysAgo: 33,
      brings: ['parts/search.js', 'src/search.js'],
    },
    {
      number: 3,
      branch: 'sign-up',
      card: 'NEWS-5',
      title: 'sign up',
      author: priya,
      reviewer: tomasz,
      daysAgo: 27,
      brings: ['parts/sign-up.js', 'src/cookies.js', 'migrations/0001'],
    },
    {
      number: 5,
      branch: 'orders',
      card: 'NEWS-8',
      title: 'order a licence or a print',
      body: 'An order is written down before it is paid: nothing is paid that we do not know of.',
      author: ines,
      reviewer: priya,
      daysAgo: 21,
      brings: ['parts/orders.js', 'src/payments.js', 'migrations/0002', 'migrate.js'],
    },
    {
      number: 6,
      branch: 'support',
      card: 'NEWS-11',
      title: 'write to support',
      author: priya,
      reviewer: ines,
      daysAgo: 16,
      brings: ['parts/support.js', 'src/tickets.js', 'migrations/0003', 'data/questions.json'],
    },
    {
      number: 8,
      branch: 'deploys',
      card: 'NEWS-14',
      title: 'declare the site, and what has to work before it goes anywhere',
      author: tomasz,
      reviewer: priya,
      daysAgo: 9,
      brings: ['territory.yaml', 'config/', 'features/'],
      tag: 'release_1',
    },
    {
      number: 9,
      branch: 'order-in-place',
      card: 'NEWS-17',
      title: 'order without leaving the page',
      author: ines,
      reviewer: tomasz,
      daysAgo: 3,
      brings: ['static/order.js'],
      tag: 'release_2',
    },
  ],
  pipeline: [
    {
      title: 'Jobs that survive whoever works on them',
      author: jonas,
      daysAgo: 40,
      brings: [],
    },
    {
      number: 1,
      branch: 'importer',
      card: 'NEWS-2',
      title: 'take in what the feeds have',
      author: amara,
      reviewer: jonas,
      daysAgo: 36,
      brings: ['importer/'],
    },
    {
      number: 2,
      branch: 'encoder',
      card: 'NEWS-4',
      title: 'encode clips, make small pictures',
      author: mateo,
      reviewer: amara,
      daysAgo: 29,
      brings: ['encoder/'],
    },
    {
      number: 4,
      branch: 'publisher',
      card: 'NEWS-6',
      title: 'publish what was encoded',
      author: amara,
      reviewer: mateo,
      daysAgo: 24,
      brings: ['publisher/'],
    },
    {
      number: 5,
      branch: 'look-into-the-queue',
      card: 'NEWS-13',
      title: 'see what waits, and why',
      body: 'Requeue, cancel and give up on a job, for whoever has the token.',
      author: jonas,
      reviewer: mateo,
      daysAgo: 11,
      brings: ['queue/'],
      tag: 'release_1',
    },
  ],
};
