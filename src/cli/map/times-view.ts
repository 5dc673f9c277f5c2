import type { FlowAnswer } from '../../server/api/contract-map-flow.ts';
import { spanWords } from '../../rooms/map/flow/span-words.ts';
import type { Terminal } from '../terminal.ts';
import { textTable } from '../text-table.ts';
import { printable, showNumber, showTime } from '../words.ts';

type Style = Terminal['style'];

/** The times of a stream as text: what was finished, a line for each stage, and where it waits. */
export function timesText(answer: FlowAnswer, style: Style): string {
  const { title, from, to, flow, bottleneck, unlinked } = answer;
  const { count, p50, p85, p95 } = answer.leadTime;
  const figures: readonly (readonly [name: string, value: string])[] = [
    ['finished', showNumber(count)],
    ['in progress', showNumber(flow.load)],
    ['lead time', count === 0 ? noData : `${span(p50)} (85 %: ${span(p85)}, 95 %: ${span(p95)})`],
    ['worked on', percent(answer.activityRatio)],
    ['right at once', percent(answer.rolledAccurate)],
    ['done for', distribution(flow.distribution)],
  ];
  const width = Math.max(...figures.map(([name]) => name.length));
  return [
    `${style('bold', printable(title))}  ${showTime(from)} to ${showTime(to)}\n`,
    ...figures.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`),
    '\n',
    stageTable(answer, style),
    ...(bottleneck ? [`\n${printable(bottleneck.sentence)}\n`] : []),
    ...(unlinked > 0
      ? [`${showNumber(unlinked)} fell silent on their way and are not counted as in progress\n`]
      : []),
  ].join('');
}

function stageTable({ stages }: FlowAnswer, style: Style): string {
  const right = { align: 'right' } as const;
  return textTable(
    [
      { head: 'stage' },
      { head: 'left it', ...right },
      { head: 'lead time', ...right },
      { head: 'wait', ...right },
      { head: 'work', ...right },
      { head: 'rework', ...right },
      { head: '%C/A', ...right },
      { head: 'in it', ...right },
      { head: "Little's law" },
    ],
    stages.map((stage) => [
      printable(stage.title),
      showNumber(stage.departures),
      span(stage.leadTime.p50),
      span(stage.wait.p50),
      span(stage.processTime.p50),
      span(stage.rework.p50),
      percent(stage.accurate),
      stage.wipLimit === null
        ? showNumber(stage.wip)
        : `${showNumber(stage.wip)} of ${showNumber(stage.wipLimit)}`,
      law[String(stage.littlesLaw.holds)] ?? '',
    ]),
    style,
  );
}

const noData = 'no data';
const law: Readonly<Record<string, string>> = {
  true: 'holds',
  false: 'does not hold',
  null: 'too little to tell',
};

const span = (ms: number | null): string => (ms === null ? noData : spanWords(ms));

const percent = (share: number | null): string =>
  share === null ? noData : `${(share * 100).toLocaleString('en', { maximumFractionDigits: 1 })} %`;

function distribution(counts: Readonly<Record<string, number>>): string {
  const known = Object.entries(counts).filter(([, count]) => count > 0);
  if (known.length === 0) return noData;
  return known.map(([kind, count]) => `${showNumber(count)} ${printable(kind)}`).join(', ');
}
