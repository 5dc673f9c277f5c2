import { expect, test } from 'vitest';
import type { GateWord, Rule } from './deploy.ts';
import { DeploysPlay, fine, hour, lane, minute, noon } from './deploys.suite.ts';
import type { Knowledge, Question } from './knowledge.ts';
import type { Policy } from './record.ts';

interface Example {
  readonly title: string;
  readonly rule: Rule;
  readonly policy?: Partial<Policy>;
  readonly given?: (play: DeploysPlay) => void;
  readonly question?: Partial<Question>;
  readonly knowledge?: Partial<Knowledge>;
  readonly says: GateWord['word'];
  readonly reason: string | RegExp;
  readonly lifts?: string;
  readonly until?: number;
}

const known = fine.artefact;

const examples: readonly Example[] = [
  {
    title: 'a version that is not in the store',
    rule: 'artefact',
    knowledge: { artefact: { known: false } },
    says: 'refuses',
    reason: 'there is no artefact of shop 2',
    lifts: 'territory release build --tag 2',
  },
  {
    title: 'a tag that moved',
    rule: 'artefact',
    knowledge: { artefact: { ...known, moved: 'tag 2 was abc and is def' } },
    says: 'refuses',
    reason: 'tag 2 was abc and is def',
  },
  {
    title: 'keys without a value',
    rule: 'config',
    knowledge: { missing: ['DB_URL', 'PAYMENT_KEY'] },
    says: 'refuses',
    reason: 'DB_URL and PAYMENT_KEY have no value in production',
  },
  {
    title: 'no runner has said which keys have a value',
    rule: 'config',
    knowledge: { missing: undefined },
    says: 'warns',
    reason: /no runner of production has said/,
  },
  {
    title: 'a contract migration that the code cannot live with',
    rule: 'schema',
    knowledge: { applied: ['orders-db 0007_drop'] },
    says: 'refuses',
    reason: 'orders-db 0007_drop is applied in production, and 2 cannot live with that',
  },
  {
    title: 'one of which nobody knows whether it is applied',
    rule: 'schema',
    knowledge: { unseen: ['orders-db 0007_drop'] },
    says: 'waits',
    reason: /^no runner of production has seen lately whether orders-db 0007_drop is applied/,
    lifts:
      'a look of its runner at the database, a version that knows this migration, or a gatekeeper: --break-glass REASON',
  },
  {
    title: 'a version that was not verified before',
    rule: 'order',
    policy: { after: 'staging' },
    given: (play) => play.run(play.ask({ environment: 'staging' })),
    says: 'refuses',
    reason: 'production comes after staging, where 2 was not verified',
    lifts: 'territory deploy shop 2 --to staging',
  },
  {
    title: 'one that was',
    rule: 'order',
    policy: { after: 'staging' },
    given: (play) => void play.bring('2', { environment: 'staging' }),
    says: 'passes',
    reason: /order/,
  },
  {
    title: 'one that others brought, and evidence sees',
    rule: 'order',
    policy: { after: 'staging' },
    knowledge: { standing: new Map([['staging', { version: '2', verdict: 'verified' }]]) },
    says: 'passes',
    reason: /order/,
  },
  {
    title: 'one that was verified under the same name as another artefact',
    rule: 'order',
    policy: { after: 'staging' },
    given: (play) => void play.bring('2', { environment: 'staging' }),
    knowledge: { artefact: { known: true, digest: 'sha256:other' } },
    says: 'refuses',
    reason: /where 2 was not verified/,
  },
  {
    title: 'one that was rolled back after it was verified',
    rule: 'order',
    policy: { after: 'staging' },
    given: (play) => {
      const environment = 'staging';
      for (const version of ['1', '2']) play.bring(version, { environment });
      play.run(play.ask({ environment, version: '1', what: 'rollback', previous: '2' }));
    },
    says: 'refuses',
    reason: /where 2 was not verified/,
  },
  {
    title: 'one for later, which may be verified until then',
    rule: 'order',
    policy: { after: 'staging' },
    question: { notBefore: noon + hour },
    says: 'waits',
    reason: /where 2 was not verified/,
    until: noon + hour,
  },
  {
    title: 'going back was not rehearsed',
    rule: 'order',
    policy: { after: null, rehearse: true },
    says: 'refuses',
    reason: 'going back from 2 was not rehearsed',
  },
  {
    title: 'an old release where only the newest goes out',
    rule: 'newest',
    policy: { newest: true },
    knowledge: { newest: '3' },
    says: 'refuses',
    reason: 'production takes only the newest release, which is 3',
  },
  {
    title: 'the newest',
    rule: 'newest',
    policy: { newest: true },
    knowledge: { newest: '2' },
    says: 'passes',
    reason: /takes it/,
  },
  {
    title: 'something red',
    rule: 'check',
    knowledge: { red: ['Smokey is critical since 11:40'] },
    says: 'refuses',
    reason: 'shop is red in production: Smokey is critical since 11:40',
  },
  {
    title: 'a time that is reserved for another',
    rule: 'reservation',
    given: (play) =>
      void play.give(
        { kind: 'reserve', ...lane, from: noon, until: noon + 30 * minute, reason: 'the sale' },
        'bob',
      ),
    says: 'waits',
    reason: 'bob has reserved production for shop: the sale',
    until: noon + 30 * minute,
  },
  {
    title: 'a time that is one’s own',
    rule: 'reservation',
    given: (play) =>
      void play.give({ kind: 'reserve', ...lane, from: noon, until: noon + hour }, 'ann'),
    says: 'passes',
    reason: /time/,
  },
  {
    title: 'as many deploys as may be within an hour',
    rule: 'rate',
    policy: { perHour: 2 },
    given: (play) => {
      for (const version of ['7', '8', '9']) play.run(play.ask({ version }));
    },
    says: 'waits',
    reason: 'shop was deployed 3 times within an hour; production allows 2',
    until: noon + minute + hour,
  },
  {
    title: 'authors who said nothing, where they are waited for',
    rule: 'acknowledgement',
    policy: { acknowledgements: 'require' },
    knowledge: {
      authors: [
        { author: 'Ann', commits: 2 },
        { author: 'Bob', commits: 1 },
      ],
    },
    says: 'waits',
    reason: 'commits of Bob go out too, and that one has not said that it is fine',
  },
  {
    title: 'where they are only asked',
    rule: 'acknowledgement',
    policy: { acknowledgements: 'ask' },
    knowledge: { authors: [{ author: 'Bob', commits: 1 }] },
    says: 'warns',
    reason: /commits of Bob/,
  },
  {
    title: 'approvals that are missing',
    rule: 'approval',
    policy: { approvals: 2 },
    says: 'waits',
    reason: '2 more gatekeepers approve before it goes to production',
  },
  {
    title: 'a deploy that runs',
    rule: 'lane',
    given: (play) => void play.start(play.ask({ version: '1' }, 'bob')),
    says: 'waits',
    reason: 'the deploy of shop 1 by bob runs',
  },
  {
    title: 'deploys that were asked for before',
    rule: 'lane',
    given: (play) => {
      for (const version of ['7', '8']) play.ask({ version }, 'bob');
    },
    says: 'waits',
    reason: 'the deploy of shop 7 by bob is before it, and 1 more',
  },
  {
    title: 'a time that is yet to come',
    rule: 'lane',
    question: { notBefore: noon + hour },
    says: 'waits',
    reason: 'it was asked for a later time',
    until: noon + hour,
  },
  {
    title: 'no runner',
    rule: 'lane',
    knowledge: { runner: false },
    says: 'waits',
    reason: 'no runner of production asks for work',
  },
];

test.each(examples)('$rule: $title $says', (example) => {
  const { rule, policy, given, question, knowledge, says, reason, lifts, until } = example;
  const play = new DeploysPlay();
  if (policy) play.give({ kind: 'environment', environment: 'production', changes: policy });
  given?.(play);
  const [word] = play.word(rule, question, knowledge);
  expect(word).toMatchObject({
    word: says,
    reason: expect.stringMatching(typeof reason === 'string' ? exactly(reason) : reason),
    ...(lifts !== undefined && { lifts }),
    ...(until !== undefined && { until }),
  });
});

const exactly = (text: string): RegExp =>
  new RegExp(`^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}$`);
