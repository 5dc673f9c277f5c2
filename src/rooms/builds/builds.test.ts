import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PlacedEvent } from '../../event/codec.ts';
import { BuildsState, type BuildLine, buildStanding, isMainBranch } from './fold.ts';
import { buildTold } from './told.ts';

const start = Date.UTC(2026, 4, 1, 12);
const minute = 60_000;

interface Story {
  readonly run?: string;
  readonly what: 'queued' | 'started' | 'finished';
  readonly outcome?: string;
  readonly after?: number;
  readonly branch?: string;
}

/** As the webhooks of a forge make it. */
function fact({ run = '1', what, outcome, after = 0, branch = 'main' }: Story, offset = 1) {
  const event: PlacedEvent = {
    id: `run-${run}-${what}`,
    time: start + after * minute,
    received: start + after * minute,
    source: 'https://github.com/acme/shop',
    stream: 'facts',
    offset,
    type: `dev.cdevents.pipelinerun.${what}.0.3.0`,
    subject: `pipelinerun/${run}`,
    attributes: {
      'vcs.ref.head.name': branch,
      'vcs.repository.url.full': 'https://github.com/acme/shop',
      'vcs.ref.head.revision': 'a'.repeat(40),
    },
    data: {
      subject: {
        id: `pipelinerun/${run}`,
        content: { pipelineName: 'ci', outcome: outcome ?? '' },
      },
    },
  };
  return event;
}

function lineOf(stories: readonly Story[]): BuildLine | undefined {
  const state = new BuildsState();
  stories.forEach((story, i) => {
    const told = buildTold(fact(story, i + 1));
    if (told) state.fold(told);
  });
  return [...state.lines()][0];
}

const standing = (...stories: readonly Story[]) => {
  const line = lineOf(stories);
  return line && buildStanding(line);
};

const passed = (run: string, after: number): Story => ({
  run,
  what: 'finished',
  outcome: 'success',
  after,
});
const failed = (run: string, after: number): Story => ({
  run,
  what: 'finished',
  outcome: 'failure',
  after,
});

describe('one line of the board', () => {
  test('names repository, pipeline and branch as the forge does', () => {
    expect(lineOf([passed('1', 0)])).toMatchObject({
      repository: 'github.com/acme/shop',
      pipeline: 'ci',
      branch: 'main',
      runs: [{ run: 'pipelinerun/1', state: 'passed', revision: 'a'.repeat(40) }],
    });
  });

  test('is red since the first failure in a row', () => {
    expect(standing(passed('1', 0), failed('2', 10), failed('3', 20))).toMatchObject({
      verdict: 'red',
      since: start + 10 * minute,
      last: { run: 'pipelinerun/3' },
    });
  });

  test('stays red while the next run is under way, and says so', () => {
    expect(standing(failed('1', 0), { run: '2', what: 'started', after: 5 })).toMatchObject({
      verdict: 'red',
      running: { run: 'pipelinerun/2' },
    });
  });

  test('keeps its colour when a run is cancelled', () => {
    const cancelled: Story = { run: '2', what: 'finished', outcome: 'cancel', after: 5 };
    expect(standing(passed('1', 0), cancelled)).toMatchObject({ verdict: 'green' });
  });

  test('has no colour before a run has ended: it is not green by default', () => {
    expect(standing({ what: 'queued' }, { what: 'started', after: 1 })).toMatchObject({
      verdict: undefined,
      since: undefined,
    });
  });

  test('an outcome that nobody knows is no success', () => {
    const odd: Story = { what: 'finished', outcome: 'somehow' };
    expect(standing(odd)?.verdict).toBeUndefined();
  });

  test.each(['main', 'master', 'release', 'release/1.2', undefined])('%s is for all', (branch) => {
    expect(isMainBranch(branch)).toBe(true);
  });
  test.each(['feature/x', 'dependabot/npm', 'mainly'])('%s is its author’s', (branch) => {
    expect(isMainBranch(branch)).toBe(false);
  });
});

test('facts of a run may come in any order', () => {
  const story: readonly Story[] = [
    { run: '1', what: 'queued', after: 0 },
    { run: '1', what: 'started', after: 1 },
    { ...failed('1', 3) },
    { run: '2', what: 'started', after: 4 },
    { ...passed('2', 6) },
  ];
  const bare = (line: BuildLine | undefined) =>
    line?.runs.map(({ run, state, started, at }) => ({ run, state, started, at }));
  const inOrder = bare(lineOf(story));
  fc.assert(
    fc.property(fc.shuffledSubarray([...story], { minLength: story.length }), (shuffled) => {
      expect(bare(lineOf(shuffled))).toEqual(inOrder);
    }),
  );
});

test('it holds no more than it may', () => {
  const state = new BuildsState({ lines: 3, runs: 2 });
  for (const branch of ['a', 'b', 'c', 'd'])
    for (const run of ['1', '2', '3']) {
      const told = buildTold(fact({ what: 'finished', outcome: 'success', run, branch }));
      if (told) state.fold(told);
    }
  expect(state.size).toBe(3);
  expect(state.counters).toEqual({ told: 12, forgottenLines: 1 });
  expect([...state.lines()].map(({ runs }) => runs.length)).toEqual([2, 2, 2]);
});
