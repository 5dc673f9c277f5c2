import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Architecture } from '../../server/api/contract-demo.ts';
import { counted, formatCount } from '../kit/format.ts';
import { AgeText } from '../kit/TimeText.tsx';
import { quote } from '../where/quote.ts';
import { balanceOf, type Fate } from './balance.ts';
import './demo.css';
import { fates } from './words.ts';

/** Where all the clips are that were taken in: one bar, and its numbers in words. */
export function Balance({ of }: { readonly of: Architecture }): ReactNode {
  const balance = balanceOf(of);
  if (!balance) return <p className="text-soft">No data: it has told nothing of itself yet.</p>;
  const { imported, shares, excess } = balance;
  return (
    <div className="flex flex-col gap-2">
      <p>
        <span className="text-figure font-semibold tracking-tight">
          {of.done === null ? '–' : formatCount(of.done)}
        </span>{' '}
        <span className="text-soft">
          {imported === null
            ? 'done; of how many, nobody can tell'
            : `done of ${counted(imported, 'clip')}`}
        </span>
      </p>
      <div aria-hidden="true" className="flex h-3 gap-px overflow-hidden rounded-small bg-sunken">
        {shares.map(({ fate, count }) => (
          <div
            key={fate}
            style={{ flexGrow: count }}
            className={`min-w-1 basis-0 fate-${fate}`}
            title={`${fates[fate]}: ${formatCount(count)}`}
          />
        ))}
      </div>
      <dl className="flex flex-col">
        <Count fate="waiting" value={of.waiting} />
        <Count fate="inProgress" value={of.inProgress} />
        {typeof of.dead === 'number' && <Count fate="dead" value={of.dead} />}
        <Count fate="lost" value={of.lost} />
        <Plain word="twice" value={of.twice} />
        <Plain word="restarts" value={of.restarts} />
        {shares.some(({ fate }) => fate === 'unseen') && (
          <Count
            fate="unseen"
            value={shares.find(({ fate }) => fate === 'unseen')?.count ?? null}
          />
        )}
      </dl>
      {of.at !== null && <Reading name={of.name} at={of.at} />}
      {excess > 0 && (
        <p className="text-small text-faint">
          {formatCount(excess)} more than it took in: lost before they came in, done twice, or
          counted a moment apart.
        </p>
      )}
    </div>
  );
}

/** Leads to what it told of itself: all these numbers are in it. */
function Reading({ name, at }: { readonly name: Architecture['name']; readonly at: number }) {
  return (
    <p className="text-small text-faint">
      <Link
        to="/stream"
        search={{
          stream: 'readings',
          where: `name = "newsroom.architecture" and service = ${quote(name)}`,
          from: new Date(at - 1000).toISOString(),
          to: new Date(at + 1000).toISOString(),
        }}
        className="underline hover:text-ink"
      >
        told <AgeText at={at} />
        <span className="sr-only">, its event</span>
      </Link>
    </p>
  );
}

interface CountProps {
  readonly fate: Fate;
  /** null: it can't tell. */
  readonly value: number | null;
}

function Count({ fate, value }: CountProps): ReactNode {
  return (
    <div className="flex min-w-0 items-center gap-1.5">
      <span aria-hidden="true" className={`size-2.5 shrink-0 rounded-[2px] fate-${fate}`} />
      <Named word={fates[fate]} value={value} />
    </div>
  );
}

function Plain({ word, value }: { readonly word: string; readonly value: number | null }) {
  return (
    <div className="flex min-w-0 items-center gap-1.5">
      <span aria-hidden="true" className="size-2.5 shrink-0" />
      <Named word={word} value={value} />
    </div>
  );
}

function Named({ word, value }: { readonly word: string; readonly value: number | null }) {
  return (
    <>
      <dt className="min-w-0 grow truncate text-soft">{word}</dt>
      <dd>{value === null ? '–' : formatCount(value)}</dd>
    </>
  );
}
