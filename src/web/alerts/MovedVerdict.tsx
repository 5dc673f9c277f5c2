import type { ReactNode } from 'react';
import type { Evidence, Gate, Verdict } from '../../rules/correlate/verdict.ts';
import { formatNumber } from '../kit/format.ts';
import { type Column, Table } from '../kit/Table.tsx';
import { TimeText } from '../kit/TimeText.tsx';
import { formatIn, type Unit } from '../kit/units.ts';
import { EventLink } from './EventLink.tsx';
import { SamplePicture } from './SamplePicture.tsx';
import type { AboutMove } from './verdict-in.ts';

type Measured = Omit<Evidence, 'rank'> & Partial<Pick<Evidence, 'rank'>>;

interface MovedVerdictProps {
  readonly about: AboutMove;
  readonly unit: Unit;
}

/** Did the change move the metric: the answer, both samples, the shift, the rank, and what else changed. */
export function MovedVerdict({ about, unit }: MovedVerdictProps): ReactNode {
  const { verdict, change, also } = about;
  const { evidence } = verdict;
  return (
    <div className="flex flex-col gap-3">
      <div>
        <p className="flex items-center gap-2 text-lead font-semibold">
          <AnswerMark verdict={verdict} />
          {answerOf(verdict, unit)}
        </p>
        <p className="max-w-[75ch] text-soft">
          <Reason verdict={verdict} />
        </p>
        {change && (
          <p className="text-soft">
            The change: <EventLink {...change}>{change.what}</EventLink>,{' '}
            <TimeText at={change.time} />
          </p>
        )}
        {also.length > 0 && (
          <p className="text-warning">
            Also in that time: {also.join('; ')}. It may be what is seen.
          </p>
        )}
      </div>
      {evidence && <Measures evidence={evidence} unit={unit} />}
    </div>
  );
}

/** An arrow, an equal sign, a question mark: also who sees no colours tells them apart. */
function AnswerMark({ verdict }: { readonly verdict: Verdict }): ReactNode {
  const up = 'M8 13V3M4 7l4-4 4 4';
  const down = 'M8 3v10M4 9l4 4 4-4';
  const [colour, path] =
    verdict.kind === 'cannotTell'
      ? ['text-unknown', 'M5.5 6a2.5 2.5 0 1 1 3.6 2.2C8.3 8.7 8 9.2 8 10M8 12.6v.2']
      : verdict.kind === 'notMoved'
        ? ['text-soft', 'M3 6h10M3 10h10']
        : ['text-warning', verdict.direction === 'up' ? up : down];
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      className={`size-6 shrink-0 rounded-full bg-sunken p-1 ${colour}`}
    >
      <path d={path} />
    </svg>
  );
}

const readings = (points: number): string =>
  Math.abs(points) === 1 ? '1 reading' : `${Math.abs(points)} readings`;

function answerOf(verdict: Verdict, unit: Unit): string {
  if (verdict.kind === 'cannotTell') return 'Cannot tell';
  if (verdict.kind === 'notMoved') return 'Not moved';
  const { shift, relative } = verdict.evidence;
  const by = `${formatIn(unit, Math.abs(shift.estimate))}${relative === undefined ? '' : ` (${formatNumber(Math.abs(relative) * 100)} %)`}`;
  const where = verdict.kind === 'moved' ? '' : ', but not at the change';
  return `Moved ${verdict.direction} by ${by}${where}`;
}

const lacks = {
  before: 'readings before the change',
  after: 'readings after the change so far',
  history: 'comparable places in this metric’s own history',
} as const;

const gates: Readonly<Record<Gate, string>> = {
  rank: 'its own history does as much more often than allowed',
  effect: 'the effect is smaller than what was asked for',
  commonLanguage: 'readings before and after overlap too much',
  direction: 'it moved to the side that was not asked for',
  manyMetrics: 'among so many metrics of one change, one such is to be expected',
};

function Reason({ verdict }: { readonly verdict: Verdict }): ReactNode {
  if (verdict.kind === 'cannotTell')
    return `There are ${verdict.have} ${lacks[verdict.lack]}, and ${verdict.need} are needed. This does not say that there was no effect.`;
  if (verdict.kind === 'notMoved')
    return `Because ${verdict.because.map((gate) => gates[gate]).join('; ')}.`;
  if (verdict.kind === 'movedElsewhere')
    return (
      <>
        The series changes at <TimeText at={verdict.at} />, {verdict.side} the change, so the change
        is not what moved it.
      </>
    );
  return 'It is rare in this metric’s own history, large enough, and it happened at the change.';
}

function Measures(props: { readonly evidence: Measured; readonly unit: Unit }): ReactNode {
  const { evidence, unit } = props;
  const { before, after, shift, rank, location, commonLanguage, control } = evidence;
  const rows = [
    ['before', before],
    ['after', after],
  ] as const;
  const columns: readonly Column<(typeof rows)[number]>[] = [
    { head: 'Sample', cell: ([name]) => name },
    { head: 'Readings', isNumber: true, cell: ([, s]) => formatNumber(s.n) },
    { head: 'Median', isNumber: true, cell: ([, s]) => formatIn(unit, s.median) },
    {
      head: 'Mean',
      means: 'Weighted: the nearer to the change, the more',
      isNumber: true,
      cell: ([, s]) => `${formatIn(unit, s.mean)} ± ${formatIn(unit, s.deviation)}`,
    },
    { head: 'From', isNumber: true, cell: ([, s]) => <TimeText at={s.from} /> },
  ];
  return (
    <>
      <SamplePicture before={before} after={after} shift={shift} unit={unit} />
      <Table label="Samples" columns={columns} rows={rows} keyOf={([name]) => name} none="" />
      <ul className="flex max-w-[75ch] list-disc flex-col gap-1 pl-5 text-soft marker:text-faint">
        <li>
          Shift {formatIn(unit, shift.estimate)}, 95 % interval {formatIn(unit, shift.low)} to{' '}
          {formatIn(unit, shift.high)} (Hodges and Lehmann: the median of all differences of a
          reading after and one before).
        </li>
        {rank && (
          <li>
            Rank: {rank.larger} of {rank.splits} places in its own history show as much, p ={' '}
            {formatNumber(rank.p)}; at most {formatNumber(rank.wanted)} counts as a move.
          </li>
        )}
        <li>
          In {formatNumber(commonLanguage * 100)} % of the pairs the reading after is the larger.
        </li>
        <li>
          The series falls apart best{' '}
          {location.points === 0
            ? 'right at the change'
            : `${readings(location.points)} ${location.points > 0 ? 'after' : 'before'} it`}
          , at <TimeText at={location.at} />.
        </li>
        <li>{controls[control]}</li>
      </ul>
    </>
  );
}

const controls: Readonly<Record<Evidence['control'], string>> = {
  none: 'Nothing that was not changed could be compared with.',
  used: 'The same metric where nothing was changed was taken off first.',
  incomplete: 'Where nothing was changed, too much of the metric is missing to compare with.',
};
