import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyJson } from '../../event/arbitrary.suite.ts';
import { findThings, suggestions } from './find.ts';
import { fold } from './fold.ts';
import { ThreadGraph } from './graph.ts';
import { mentions } from './mentions.ts';
import {
  cdevent,
  commit,
  facts,
  type Fields,
  follow,
  graphOf,
  minute,
  noon,
  repository,
  sha,
  story,
  told,
} from './thread.suite.ts';

const image = 'artifact/pkg:oci/shop@sha256:0b31b1c02ff458ad9b7b81cbdf8f028b';
const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(sha) as [string, string, string, string];
const below = [
  'change/github.com/acme/shop#12',
  'commit/b',
  'build/9000000001',
  image,
  'deployment//ci#deploy-1',
  `alert/ffaa@${noon + 8 * minute}`,
  'incident/INC-42',
  'ticket/github.com/acme/shop#8',
];
const edges = [
  'ticket/github.com/acme/shop#7 fixed change/github.com/acme/shop#12',
  'commit/a in change/github.com/acme/shop#12',
  'change/github.com/acme/shop#12 merged commit/b',
  'commit/b built build/9000000001',
  `build/9000000001 produced ${image}`,
  `${image} deployed deployment//ci#deploy-1`,
  `deployment//ci#deploy-1 suspected alert/ffaa@${noon + 8 * minute}`,
  `${image} related incident/INC-42`,
  'incident/INC-42 tracked ticket/github.com/acme/shop#8',
];

describe('a thread', () => {
  const graph = graphOf(facts(story));

  test('of a commit goes from the ticket that asked for it to the trouble that it made', () => {
    const thread = follow(graph, a.slice(0, 7));
    const { up, down, edges: all } = told(thread);
    expect(up).toEqual(['ticket/github.com/acme/shop#7']);
    expect(down.toSorted()).toEqual(below.toSorted());
    expect(all).toEqual(expect.arrayContaining(edges));
    expect(thread.things.filter(({ side }) => side === 'beside').map(({ key }) => key)).toEqual([
      'environment/production',
      'service/shop',
      'condition/ffaa',
    ]);
    expect(thread.things.find(({ kind }) => kind === 'change')).toMatchObject({
      distance: 1,
      seen: noon + 2 * minute,
      first: { time: noon + 2 * minute, offset: 3 },
      last: { time: noon + 3 * minute, offset: 4 },
    });
  });

  test('of the trouble is the same thread, seen from below', () => {
    expect(told(follow(graph, 'inc-42')).up).toEqual([
      'ticket/github.com/acme/shop#7',
      'commit/a',
      'change/github.com/acme/shop#12',
      'commit/b',
      'build/9000000001',
      image,
    ]);
    expect(told(follow(graph, 'ffaa')).up).toContain('deployment//ci#deploy-1');
  });

  test.for([
    ['https://github.com/acme/shop/pull/12', 'change/github.com/acme/shop#12'],
    ['shop#12', 'change/github.com/acme/shop#12'],
    ['#8', 'ticket/github.com/acme/shop#8'],
    ['https://github.com/acme/shop/issues/7', 'ticket/github.com/acme/shop#7'],
    [`https://github.com/acme/shop/commit/${b}`, `commit/${b}`],
    ['sha256:0b31b1c02ff458ad9b7b81cbdf8f028b', image],
    ['9000000001', 'build/9000000001'],
    ['deploy-1', 'deployment//ci#deploy-1'],
    ['production', 'environment/production'],
    [`commit/${a}`, `commit/${a}`],
  ] as const)('is found by %s', ([text, key]) => {
    expect(findThings(graph, text).map((slot) => graph.keyAt(slot))).toEqual([key]);
  });

  test('is not found by what nobody said, and something like it is offered', () => {
    expect(findThings(graph, 'INC-421')).toEqual([]);
    expect(suggestions(graph, 'INC-421')).toEqual(['incident/INC-42']);
    expect(findThings(graph, '')).toEqual([]);
  });

  test('of an environment is what was deployed there, and nothing beyond', () => {
    const thread = told(follow(graph, 'production'));
    expect(thread).toMatchObject({ up: [], down: ['deployment//ci#deploy-1', 'incident/INC-42'] });
  });

  test('is the same in whatever order the facts came, and when they come twice', () => {
    const all = facts(story);
    const twice = all.map((event) => ({ ...event, offset: event.offset + 100 }));
    const order = fc.shuffledSubarray([...all, ...twice], { minLength: all.length * 2 });
    const texts = [a, b, '#12', 'INC-42', image, 'ffaa', 'production'];
    const expected = texts.map((text) => follow(graph, text));
    fc.assert(
      fc.property(order, (shuffled) => {
        const other = graphOf(shuffled);
        expect(texts.map((text) => follow(other, text))).toEqual(expected);
      }),
    );
  });
});

describe('names of commits', () => {
  const deployed = (version: string, id: string): Fields => ({
    ...cdevent(
      'service.deployed',
      'shop',
      { environment: { id: 'live' } },
      {
        attributes: { 'vcs.ref.head.revision': version },
      },
    ),
    id,
  });

  test('of seven characters stand for the whole one where it is the only one', () => {
    const graph = graphOf(facts([deployed(a.slice(0, 7), 'd1'), commit(a)]));
    expect(told(follow(graph, a)).down).toEqual(['deployment//ci#d1']);
    expect(follow(graph, a.slice(0, 9)).things[0]?.key).toBe(`commit/${a}`);
    const other = `${a.slice(0, 39)}0`;
    const two = graphOf(facts([deployed(a.slice(0, 7), 'd1'), commit(a), commit(other)]));
    expect(told(follow(two, a)).down).toEqual([]);
    expect(findThings(two, a.slice(0, 9))).toHaveLength(2);
  });

  test('that were deployed in a later one are included there, in the first of each environment', () => {
    const events = [
      commit(a),
      commit(b, [a]),
      commit(c, [b]),
      commit(d, [c]),
      { ...deployed(d, 'second') },
      { ...deployed(c, 'first') },
      { ...deployed(d, 'test'), environment: 'test' },
      { ...deployed(a, 'own'), environment: 'own' },
      { ...deployed(d, 'not'), environment: 'own' },
      { ...deployed(b, 'failed'), state: 'critical' },
    ];
    const all = facts(events).map((event) =>
      event.id === 'first' ? { ...event, time: noon + 4.5 * minute - minute } : event,
    );
    const { edges: found } = told(follow(graphOf(all), a));
    expect(found.filter((edge) => !edge.includes(' at '))).toEqual(
      [
        'commit/a included deployment//ci#first',
        'commit/a included deployment//ci#test',
        'commit/a deployed deployment//ci#own',
      ].toSorted((one, other) => Number(other.includes('first')) - Number(one.includes('first'))),
    );
  });
});

describe('what a fact says', () => {
  const edgesOf = (fields: Fields): string[] =>
    facts([fields]).flatMap((event) =>
      mentions(event).edges.map(({ from, kind, to }) => `${from} ${kind} ${to}`),
    );
  const place = 'github.com/acme/shop';

  test.for<[string, Record<string, string>, string[]]>([
    ['Merge pull request #12 from ben/basket', {}, [`change/${place}#12 merged`]],
    ['Baskets (#12)', {}, [`change/${place}#12 merged`]],
    ['Fix #9: baskets', {}, [`ticket/${place}#9 fixed`]],
    ['SHOP-12: baskets', {}, ['ticket/SHOP-12 asked']],
    ['UTF-8 everywhere', {}, []],
    ['x', { Refs: 'SHOP-1, #2' }, ['ticket/SHOP-1 asked', `ticket/${place}#2 asked`]],
    ['x', { Closes: 'acme/tools#5' }, ['ticket/github.com/acme/tools#5 fixed']],
    ['x', { Fixes: '54a4f0239f2e ("old")' }, ['commit/54a4f0239f2e fixed']],
    [
      'x',
      { 'Change-Id': 'I8473b95934b5732ac55d26311a706c9c2bde9940' },
      ['change/I8473b95934b5732ac55d26311a706c9c2bde9940 merged'],
    ],
    ['x', { 'Signed-off-by': 'Ada #1' }, []],
  ])('in a title and trailers: %s %j', ([title, trailers, expected]) => {
    expect(edgesOf(commit(a, [], { title, trailers }))).toEqual(
      expected.map((edge) => `${edge} commit/${a}`),
    );
  });

  test('of a commit whose message was read before: a merge, a ticket, a ref', () => {
    const attributes = {
      ...commit(a).attributes,
      'vcs.change.id': '12',
      'ticket.id': '#9,SHOP-1',
      'vcs.ref.head.name': 'v1.2',
      'vcs.ref.head.type': 'tag',
    };
    const fields = { ...commit(a, [], { title: 'Fix #9: baskets (#12)' }), attributes };
    expect(new Set(edgesOf(fields))).toEqual(
      new Set([
        `change/${place}#12 merged commit/${a}`,
        `ticket/${place}#9 asked commit/${a}`,
        `ticket/${place}#9 fixed commit/${a}`,
        `ticket/SHOP-1 asked commit/${a}`,
      ]),
    );
    expect(told(follow(graphOf(facts([fields])), '#9')).edges).toEqual([
      `ticket/${place}#9 fixed commit/a`,
    ]);
  });

  test('about a tag, a release by package-url and a run with its job', () => {
    const tag: Fields = {
      ...commit(a),
      type: 'dev.cdeventsx.territory-tag.created.0.1.0',
      data: { tag: 'v1.2', sha: a },
    };
    expect(edgesOf(tag)).toEqual([`commit/${a} tagged tag/${place}@v1.2`]);
    const purl = 'pkg:github/acme/shop@v1.2';
    const attributes = { ...repository, 'artifact.id': purl };
    expect(edgesOf(cdevent('artifact.published', purl, {}, { attributes }))).toEqual([
      `tag/${place}@v1.2 packaged artifact/${purl}`,
    ]);
    const job = cdevent(
      'taskrun.finished',
      'taskrun/77',
      { pipelineRun: { id: 'pipelinerun/9' } },
      {
        attributes: { ...repository, 'cicd.pipeline.run.id': '9', 'vcs.ref.head.revision': a },
      },
    );
    expect(edgesOf(job)).toEqual([`build/${place}#9 ran task/${place}#77`]);
  });

  test('in links: chains, paths and relations, whichever came first', () => {
    const chained = (id: string, links: object[] = []): Fields => ({
      ...cdevent(
        'pipelinerun.finished',
        `run-${id}`,
        {},
        {
          context: { chainId: 'chain-1', links: links as never },
        },
      ),
      id,
    });
    const after = { linkType: 'PATH', from: { contextId: 'x1' } };
    const events = facts([chained('x2', [after]), chained('x3'), chained('x1')]);
    const graph = graphOf(events.map((event) => ({ ...event, time: noon + Number(event.id[1]) })));
    const { up, down, edges: found } = told(follow(graph, 'run-x2'));
    expect({ up, down }).toEqual({ up: ['build/run-x1'], down: ['build/run-x3'] });
    expect(found).toContain('build/run-x1 followed build/run-x2');
    expect(found).toContain('build/run-x2 chained build/run-x3');
  });

  test('of anything is total and bounded', () => {
    const types = fc.constantFrom(
      'dev.cdevents.change.merged.0.3.0',
      'dev.cdevents.artifact.packaged.0.3.0',
      'dev.cdevents.incident.reported.0.3.0',
      'dev.cdeventsx.territory-commit.created.0.1.0',
      'dev.cdeventsx.territory-alert.opened.0.1.0',
      'dev.cdeventsx.x-y.z',
      'metric',
    );
    const names = fc.constantFrom(
      'vcs.ref.head.revision',
      'vcs.change.id',
      'ticket.id',
      'artifact.id',
      'deployment.id',
    );
    const attributes = fc.dictionary(names, fc.oneof(fc.string(), fc.constant(a)));
    const graph = new ThreadGraph({ things: 50, edges: 100, events: 20 });
    fc.assert(
      fc.property(types, anyJson, attributes, (type, data, said) => {
        const carrier = {
          parents: [a, b],
          suspects: [data],
          context: data,
          subject: data,
        } as never;
        for (const body of [data, carrier])
          for (const event of facts([{ type, data: body, attributes: said }])) {
            expect(mentions(event).edges.length).toBeLessThanOrEqual(200);
            fold(graph, event);
            expect(graph.isFull).toBe(false);
          }
      }),
    );
  });
});
