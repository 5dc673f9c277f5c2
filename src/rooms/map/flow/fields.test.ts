import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Event } from '../../../event/event.ts';
import { saidBy } from '../../thread/said.ts';
import { pattern } from './flow.suite.ts';
import { PatternIndex } from './pattern-index.ts';

const base = { id: '1', time: 1000, received: 1000, source: 'https://ci.example.org' };

const deployed: Event = {
  ...base,
  type: 'dev.cdevents.service.deployed.0.3.0',
  service: 'shop',
  environment: 'Production',
  attributes: {
    'vcs.repository.url.full': 'https://github.com/acme/shop',
    'vcs.ref.head.name': 'refs/heads/main',
  },
  data: {
    subject: { id: 'service/shop', content: { environment: { id: 'prod-eu' }, retries: 2 } },
  },
};
const tested: Event = {
  ...base,
  type: 'dev.cdevents.testsuiterun.finished.0.3.0',
  state: 'critical',
  data: {
    subject: { id: 't', content: { outcome: 'failure', environment: { id: 'staging' } } },
    customData: { severity: 'high', action: 'rerun' },
  },
};
const reviewed: Event = {
  ...base,
  type: 'dev.cdevents.change.reviewed.0.3.0',
  state: 'changes_requested',
};
const moved: Event = {
  ...base,
  type: 'dev.cdeventsx.board-card.moved.0.1.0',
  attributes: { 'card.to': 'In Review' },
  data: { from: { name: 'Doing' } },
};
const commit: Event = {
  ...base,
  type: 'dev.cdeventsx.territory-commit.created.0.1.0',
  data: { author: { time: '1970-01-01T00:00:00.250Z' } },
};
const issue: Event = {
  ...base,
  type: 'dev.cdevents.ticket.created.0.2.0',
  data: { subject: { id: '7', content: { ticketType: 'Bug', labels: ['regression', 'p1'] } } },
};

function timesOf(event: Event, text: string): number[] {
  const index = new PatternIndex();
  index.add(pattern(text), 7);
  const said = saidBy(event);
  return said ? index.find(said).map(({ time }) => time) : [];
}

describe('an event fits', () => {
  test.each([
    ['service.deployed', deployed],
    ['service.*', deployed],
    ['*.deployed', deployed],
    ['*.*', deployed],
    ['service.deployed[env=production]', deployed],
    ['service.deployed[environment=staging|prod*]', deployed],
    ['service.deployed[env=*-eu]', deployed],
    ['service.deployed[service=shop,repo=acme/shop,branch=main]', deployed],
    ['service.deployed[repository=github.com/acme/shop]', deployed],
    ['service.deployed[repo=https://github.com/acme/shop.git]', deployed],
    ['service.deployed[retries=2]', deployed],
    ['service.deployed', { ...deployed, type: 'dev.cdevents.service.upgraded.0.3.0' }],
    ['testsuiterun.finished[env=staging,outcome=fail]', tested],
    ['testsuiterun.finished[result=failed]', tested],
    ['testsuiterun.finished[severity=high,action=rerun]', tested],
    ['change.reviewed[outcome=changes-requested]', reviewed],
    ['card.moved[from=doing,to=in review]', moved],
    ['commit.created', commit],
    ['ticket.created[type=bug,label=regression]', issue],
    ['ticket.created', { ...issue, type: 'dev.cdeventsx.gitea-issues.created.0.1.0' }],
  ])('%s', (text, event) => expect(timesOf(event, text)).toHaveLength(1));
});

describe('an event does not fit', () => {
  test.each([
    ['service.removed', deployed],
    ['artifact.deployed', deployed],
    ['service.deployed[env=prod]', deployed],
    ['service.deployed[repo=shop-tools]', deployed],
    ['service.deployed[repo=hop]', deployed],
    ['service.deployed[constructor=x]', deployed],
    ['testsuiterun.finished[outcome=pass]', tested],
    ['testsuiterun.finished[outcome=error]', tested],
    ['service.upgraded', deployed],
    ['*.*', { ...base, type: 'metric' }],
  ])('%s', (text, event) => expect(timesOf(event, text)).toEqual([]));
});

test('a commit was written when its author wrote it, and not later than it was made', () => {
  expect(timesOf(commit, 'commit.authored')).toEqual([250]);
  expect(timesOf(commit, 'commit.created')).toEqual([1000]);
  const later = { ...commit, data: { author: { time: '1970-01-02T00:00:00Z' } } };
  expect(timesOf(later, 'commit.authored')).toEqual([1000]);
  expect(timesOf({ ...commit, data: { author: { time: 'now' } } }, 'commit.authored')).toEqual([
    1000,
  ]);
});

test('whatever a fact holds, looking at it fails never', () => {
  const fields = [
    'env',
    'outcome',
    'repo',
    'label',
    'type',
    'to',
    '__proto__',
    'service',
    'branch',
  ];
  const index = new PatternIndex();
  for (const [at, field] of fields.entries()) index.add(pattern(`*.*[${field}=a*b|*]`), at);
  const record = fc.dictionary(
    fc.constantFrom(...fields, 'subject', 'content', 'labels'),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(record, record, fc.jsonValue(), (content, custom, data) => {
      const body = { subject: { id: 'x', content }, customData: custom, ...(data as object) };
      const said = saidBy({ ...base, type: 'dev.cdevents.a.b.0.1.0', data: body as never });
      for (const { time } of said ? index.find(said) : []) expect(time).toBe(base.time);
    }),
  );
});
