import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { RedirectMap, RedirectMapAnswer } from '../../server/api/contract-redirects.ts';
import { Button } from '../kit/Button.tsx';
import { Select } from '../kit/Field.tsx';
import { counted, formatCount, formatDuration } from '../kit/format.ts';
import { useRefusal } from '../kit/may.ts';
import { Meter } from '../kit/Meter.tsx';
import { ErrorNotice, Notice } from '../kit/Notice.tsx';
import { Part } from '../kit/Part.tsx';
import { type Column, Table } from '../kit/Table.tsx';
import { AgeText } from '../kit/TimeText.tsx';
import { mapsQuery, verifyMap } from './api.ts';

type Wrong = RedirectMapAnswer['wrong'][number];

interface VerifyPartProps {
  readonly of: RedirectMap;
  readonly wrong: readonly Wrong[];
}

/** Asks for every row, and shows how that went. */
export function VerifyPart({ of, wrong }: VerifyPartProps): ReactNode {
  const { verified, verifying, rows, trouble } = of;
  return (
    <Part title="Whether it holds">
      {verifying ? (
        <div className="max-w-xl">
          <p className="mb-1">
            <span className="breathe">Asking</span>{' '}
            {verifying.own ? 'at own addresses' : `in ${verifying.environment}`}:{' '}
            {formatCount(verifying.done)} of {formatCount(rows)}, {formatCount(verifying.wrong)}{' '}
            wrong
          </p>
          <div className="h-1.5 w-full overflow-hidden rounded-full bg-line">
            <progress
              className="sr-only"
              aria-label="Rows that were asked for"
              max={rows}
              value={verifying.done}
            />
            <div
              className="h-full bg-accent"
              style={{ width: `${(verifying.done / Math.max(1, rows)) * 100}%` }}
            />
          </div>
        </div>
      ) : (
        <VerifyForm name={of.name} />
      )}
      {trouble !== null && (
        <div className="mt-3">
          <Notice look="warning">The last verification came to no end: {trouble}</Notice>
        </div>
      )}
      {verified && !verifying && <Last of={verified} />}
      {wrong.length > 0 && (
        <div className="mt-3 max-h-112 overflow-y-auto">
          <Table
            label="Rows that do not hold"
            columns={wrongColumns}
            rows={wrong}
            keyOf={({ line }) => String(line)}
            none=""
          />
          <More shown={wrong.length} of={verified?.wrong ?? 0} />
        </div>
      )}
    </Part>
  );
}

function VerifyForm({ name }: { readonly name: string }): ReactNode {
  const because = useRefusal('act');
  const queries = useQueryClient();
  const { data } = useQuery(mapsQuery);
  const environments = data?.environments ?? [];
  const [chosen, setChosen] = useState('');
  const own = '@own';
  const where = chosen === '' ? (environments[0] ?? own) : chosen;
  const begin = useMutation({
    mutationFn: () => verifyMap(name, where === own ? 'public' : where, where === own),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['redirects'] }),
  });
  const options = [
    ...environments.map((one) => [one, one] as const),
    [own, 'each at its own address'] as const,
  ];
  return (
    <>
      <div className="flex flex-wrap items-end gap-2">
        <Select label="Ask in" value={where} options={options} onChange={setChosen} />
        <Button
          look="primary"
          because={because}
          aria-busy={begin.isPending}
          onClick={() => begin.mutate()}
        >
          Verify every row
        </Button>
      </div>
      {environments.length === 0 && (
        <p className="mt-1 text-small text-soft">
          Environments are named in checks.yaml, in the folder of the features.
        </p>
      )}
      {begin.error && (
        <div className="mt-3">
          <ErrorNotice error={begin.error} />
        </div>
      )}
    </>
  );
}

function Last({ of }: { readonly of: NonNullable<RedirectMap['verified']> }): ReactNode {
  const { at, environment, own, total, ok, wrong, unknown, seconds } = of;
  const speed = formatCount(Math.round(total / Math.max(seconds, 0.001)));
  return (
    <div className="mt-3 max-w-xl">
      <p className="mb-1">
        <AgeText at={at} /> {own ? 'at own addresses' : `in ${environment}`}: {formatCount(ok)} of{' '}
        {formatCount(total)} hold, {formatCount(wrong)} do not
        {unknown > 0 && `, ${formatCount(unknown)} could not be asked`}.{' '}
        <span className="text-soft">
          {formatDuration(seconds * 1000)}, {speed} a second
        </span>
      </p>
      {wrong > 0 && <Meter value={wrong / total} label="Rows that do not hold" />}
    </div>
  );
}

/** Of what there is, only the first are told. */
export function More(props: { readonly shown: number; readonly of: number }): ReactNode {
  const { shown, of } = props;
  if (of <= shown) return null;
  return <p className="py-2 text-small text-soft">and {counted(of - shown, 'more row')}</p>;
}

const code = (text: string): ReactNode => (
  <code className="font-mono text-small wrap-anywhere">{text}</code>
);

const wrongColumns: readonly Column<Wrong>[] = [
  { head: 'Line', isNumber: true, cell: ({ line }) => line },
  { head: 'Old address', cell: ({ old }) => code(old) },
  { head: 'Expected', cell: ({ expected }) => code(expected) },
  { head: 'Seen', cell: ({ seen }) => code(seen) },
];
