import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RedirectUsage } from '../../server/api/contract-redirects.ts';
import { Asking } from '../kit/Asking.tsx';
import { counted, formatCount } from '../kit/format.ts';
import { Notice } from '../kit/Notice.tsx';
import { Part } from '../kit/Part.tsx';
import { Segmented } from '../kit/Segmented.tsx';
import { type Column, Table } from '../kit/Table.tsx';
import { AgeText } from '../kit/TimeText.tsx';
import { usageQuery } from './api.ts';
import { More } from './VerifyPart.tsx';

const spans = [
  ['7', '7 days'],
  ['30', '30 days'],
  ['90', '90 days'],
] as const;
type Span = (typeof spans)[number][0];

/** What is really asked for: rows that nobody uses, and those that the map lacks. */
export function UsagePart({ name }: { readonly name: string }): ReactNode {
  const { days = '30' } = useSearch({ from: '/inside/redirects/$name' });
  const navigate = useNavigate({ from: '/redirects/$name' });
  const chosen = spans.find(([span]) => span === days)?.[0] ?? '30';
  const found = useQuery(usageQuery(name, Number(chosen)));
  const choose = (span: Span): void =>
    void navigate({ search: (before) => ({ ...before, days: span }), replace: true });
  return (
    <Part title="What is really asked for">
      <div className="mb-2 flex flex-wrap items-center gap-3">
        <Segmented label="In the last" value={chosen} options={spans} onChange={choose} />
        <span className="text-small text-soft">by access events: HTTP server spans and logs</span>
      </div>
      <Asking of={found} />
      {found.data && <Seen of={found.data} />}
    </Part>
  );
}

function Seen({ of }: { readonly of: RedirectUsage }): ReactNode {
  const { coverage, unused, unusedCount, missing, hosts } = of;
  return (
    <>
      {!coverage.isComplete && (
        <Notice look="plain">
          Access was not seen whole: {coverage.why}.{' '}
          {unused === null
            ? 'So nobody can say which rows are not used.'
            : 'Rows of hosts with a gap are left out below.'}
        </Notice>
      )}
      <div className="mt-3 grid gap-x-8 gap-y-6 xl:grid-cols-2">
        <section aria-label="Nobody asked for" className="min-w-0">
          <h3 className="font-semibold">
            Nobody asked for{unusedCount !== null && `: ${counted(unusedCount, 'row')}`}
          </h3>
          {unused === null ? (
            <p className="py-2 text-soft">It can not be said.</p>
          ) : (
            <div className="max-h-96 overflow-y-auto">
              <Table
                label="Rows that nobody asked for"
                columns={unusedColumns}
                rows={unused}
                keyOf={({ line }) => String(line)}
                none="Every row was asked for."
              />
              <More shown={unused.length} of={unusedCount ?? 0} />
            </div>
          )}
          {hosts.length > 1 && <Hosts of={hosts} />}
        </section>
        <section aria-label="Asked for in vain" className="min-w-0">
          <h3 className="font-semibold">
            Asked for in vain{missing.length > 0 && `: ${counted(missing.length, 'address')}`}
          </h3>
          <div className="max-h-96 overflow-y-auto">
            <Table
              label="Addresses that were asked for in vain"
              columns={missingColumns}
              rows={missing}
              keyOf={({ url }) => url}
              none="Nothing that the map lacks was asked for, as far as it was seen."
            />
          </div>
        </section>
      </div>
    </>
  );
}

function Hosts({ of }: { readonly of: RedirectUsage['hosts'] }): ReactNode {
  return (
    <details className="mt-2">
      <summary className="min-h-6 cursor-pointer text-soft">By host</summary>
      <Table
        label="Hosts of the map"
        columns={hostColumns}
        rows={of}
        keyOf={({ host }) => host}
        none=""
      />
    </details>
  );
}

const code = (text: string): ReactNode => (
  <code className="font-mono text-small wrap-anywhere">{text}</code>
);

const unusedColumns: readonly Column<NonNullable<RedirectUsage['unused']>[number]>[] = [
  { head: 'Line', isNumber: true, cell: ({ line }) => line },
  { head: 'Old address', cell: ({ old }) => code(old) },
];

const missingColumns: readonly Column<RedirectUsage['missing'][number]>[] = [
  { head: 'Hits', isNumber: true, cell: ({ hits }) => formatCount(hits) },
  { head: 'Last', cell: ({ last }) => (last === null ? '–' : <AgeText at={last} />) },
  { head: 'Address', cell: ({ url }) => code(url) },
];

const hostColumns: readonly Column<RedirectUsage['hosts'][number]>[] = [
  { head: 'Host', cell: ({ host }) => code(host) },
  {
    head: 'Nobody asked for',
    isNumber: true,
    cell: ({ unused }) => (unused === null ? 'not known' : formatCount(unused)),
  },
  { head: 'Why', cell: ({ why }) => <span className="wrap-anywhere">{why ?? ''}</span> },
];
