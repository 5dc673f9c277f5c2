import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { FlowAnswer, FlowItem } from '../../../server/api/contract-map-flow.ts';
import { CardTable } from '../../kit/CardTable.tsx';
import { counted, formatDuration } from '../../kit/format.ts';
import { TimeText } from '../../kit/TimeText.tsx';
import { type Behind, itemsBehind, type Stretch, stretchesOf, wholeOf } from './item-parts.ts';
import { showing } from './search.ts';
import { divisionText, PartsBar, PartsLegend } from './PartsBar.tsx';

interface ItemsProps {
  readonly answer: FlowAnswer;
  readonly item: string;
  /** Only those that a number counts. */
  readonly behind: { readonly what: Behind; readonly stage: string | undefined } | undefined;
}

const heads = [
  ['Item', ''],
  ['Began', ''],
  ['Took', 'number'],
  ['Where its time went', ''],
] as const;
const shownAtMost = 100;

/** The newest items, each with its time as a bar whose parts add up to the whole. */
export function Items({ answer, item, behind }: ItemsProps): ReactNode {
  const found = behind ? itemsBehind(answer, behind.what, behind.stage) : answer.items;
  const shown = found.slice(0, shownAtMost);
  const titles = new Map(answer.stages.map(({ id, title }) => [id, title]));
  return (
    <section id="items" aria-label="Items" className="scroll-mt-2 py-4">
      <div className="mb-2 flex flex-wrap items-baseline gap-x-4 gap-y-1 px-3 sm:px-5">
        <h2 className="text-lead font-semibold">
          {behind ? titleOf(behind, item, titles) : `The newest ${item}s`}
        </h2>
        <span className="text-soft">
          {shown.length < found.length
            ? `${shown.length} of ${counted(found.length, item)}`
            : counted(found.length, item)}
          {answer.cut && ', and there were more in the window'}
        </span>
        {behind && (
          <Link
            from="/map/times"
            to="."
            search={(was) => showing(was)}
            hash="items"
            replace
            className="font-semibold text-accent underline"
          >
            Show all
          </Link>
        )}
        <span className="grow" />
        <PartsLegend />
      </div>
      {shown.length === 0 ? (
        <p className="px-3 text-soft sm:px-5">None of the newest {answer.items.length}.</p>
      ) : (
        <CardTable label="Items" heads={heads}>
          {shown.map((one) => (
            <ItemRow key={one.key} of={one} titles={titles} until={answer.to} />
          ))}
        </CardTable>
      )}
    </section>
  );
}

const words: Readonly<Record<Behind, string>> = {
  in: 'came into',
  out: 'left',
  wip: 'are in',
  rework: 'came back to',
  finished: 'finished in the window',
  load: 'in progress',
};

function titleOf(
  { what, stage }: NonNullable<ItemsProps['behind']>,
  item: string,
  titles: ReadonlyMap<string, string>,
): string {
  if (what === 'finished' || what === 'load') return `${item}s ${words[what]}`;
  return `${item}s that ${words[what]} ${titles.get(stage ?? '') ?? stage ?? ''}`;
}

function ItemRow(props: {
  readonly of: FlowItem;
  readonly titles: ReadonlyMap<string, string>;
  /** Until when what is not finished is counted, ms. */
  readonly until: number;
}): ReactNode {
  const { of, titles, until } = props;
  const whole = (of.end ?? Math.max(until, of.start)) - of.start;
  const stretches = stretchesOf(of, until).map((s) => ({
    ...s,
    name: titles.get(s.stage) ?? s.stage,
  }));
  const last = stretches.at(-1);
  return (
    <tr className="border-b border-line/60">
      <th scope="row" className="max-w-[18rem] text-left font-normal">
        <Link
          to="/thread"
          search={{ of: of.key }}
          className="font-semibold wrap-anywhere text-accent underline"
        >
          {of.title ?? of.key}
        </Link>
        <span className="block text-small wrap-anywhere text-faint">
          {of.title === undefined ? of.kind : `${of.key} · ${of.kind}`}
        </span>
      </th>
      <td className="named whitespace-nowrap" data-name="Began">
        <TimeText at={of.start} />
      </td>
      <td className="number" data-name="Took">
        {formatDuration(whole)}
        {of.end === null && (
          <span className="block text-small text-soft">so far, in {last?.name ?? 'no stage'}</span>
        )}
      </td>
      <td className="wide w-1/2 min-w-[16rem]">
        <PartsBar of={stretches} whole={whole} label={`Of ${formatDuration(whole)}`} />
        <p className="mt-0.5 text-small text-soft">{stretches.map(textOf).join('; ')}</p>
      </td>
    </tr>
  );
}

function textOf(stretch: Stretch & { readonly name: string }): string {
  const back = stretch.returns > 0 ? `, came back ${stretch.returns}×` : '';
  const open = stretch.open ? ' so far' : '';
  return wholeOf(stretch) === 0
    ? `${stretch.name}: at once`
    : `${stretch.name}: ${divisionText(stretch)}${open}${back}`;
}
