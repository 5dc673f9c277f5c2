import { expect, test } from 'vitest';
import type { FlowAnswer, FlowStage } from '../../server/api/contract-map-flow.ts';
import { timesText } from './times-view.ts';

const hour = 3_600_000;
const plain = (_: unknown, text: string): string => text;

function spread(count: number, p50: number | null): FlowAnswer['leadTime'] {
  return { count, p50, p85: p50, p95: p50, mean: p50, histogram: [] };
}

const none = spread(0, null);

function stage(id: string, more: Partial<FlowStage> = {}): FlowStage {
  const littlesLaw = { expected: null, actual: null, holds: null };
  return {
    id,
    title: id,
    node: id,
    leadTime: none,
    processTime: none,
    wait: none,
    rework: none,
    reworked: 0,
    accurate: null,
    wip: 0,
    wipLimit: null,
    arrivals: 0,
    departures: 0,
    littlesLaw,
    ...more,
  };
}

const empty: FlowAnswer = {
  stream: 'delivery',
  title: 'Delivery',
  from: 0,
  to: hour,
  stages: [stage('code')],
  leadTime: none,
  rolledAccurate: null,
  activityRatio: null,
  flow: { velocity: 0, time: none, load: 0, efficiency: null, distribution: {} },
  bottleneck: null,
  items: [],
  unlinked: 0,
  cut: false,
};

test('the times of a stream are a line for each stage and a sentence', () => {
  const sentence =
    'Review makes changes wait longest: 5 h of a median lead time of 10 h (10 items).';
  const text = timesText(
    {
      ...empty,
      leadTime: spread(10, 10 * hour),
      rolledAccurate: 0.8,
      activityRatio: 5 / 105,
      flow: { ...empty.flow, load: 2, distribution: { feature: 5, defect: 4, risk: 0 } },
      bottleneck: { stage: 'review', wait: 5 * hour, sentence },
      unlinked: 3,
      stages: [
        stage('review', {
          leadTime: spread(10, 5.5 * hour),
          wait: spread(10, 5 * hour),
          departures: 10,
          accurate: 1,
          wip: 2,
          wipLimit: 3,
          littlesLaw: { expected: 1, actual: 1, holds: true },
        }),
      ],
    },
    plain,
  );
  expect(text).toBe(`Delivery  1970-01-01 00:00:00Z to 1970-01-01 01:00:00Z
finished       10
in progress    2
lead time      10 h (85 %: 10 h, 95 %: 10 h)
worked on      4.8 %
right at once  80 %
done for       5 feature, 4 defect

stage   left it   lead time  wait     work   rework   %C/A   in it  Little's law
review       10  5 h 30 min   5 h  no data  no data  100 %  2 of 3  holds

${sentence}
3 fell silent on their way and are not counted as in progress
`);
});

test('no data is said so', () => {
  const text = timesText(empty, plain);
  expect(text).toMatch(/lead time {6}no data/);
  expect(text).toMatch(/^code +0 +no data +no data +no data +no data +no data +0 +too little/m);
  expect(text).not.toMatch(/NaN|undefined/);
});
