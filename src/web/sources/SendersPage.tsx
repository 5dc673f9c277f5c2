import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Asking } from '../kit/Asking.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { Field } from '../kit/Field.tsx';
import { counted } from '../kit/format.ts';
import { Segmented } from '../kit/Segmented.tsx';
import { intakesQuery, sendersQuery } from './api.ts';
import { fits, inOrder, stateOf } from './sender-state.ts';
import { SenderTable } from './SenderTable.tsx';
import { SourcesFrame } from './SourcesFrame.tsx';

type Which = 'all' | 'refused' | 'silent';

/** Everybody who has sent something: how much, when last, and what was refused. */
export function SendersPage(): ReactNode {
  const found = useQuery(sendersQuery);
  const intakes = useQuery(intakesQuery);
  const kinds = new Map(intakes.data?.map(({ name, kind }) => [name, kind]));
  const [which, setWhich] = useState<Which>('all');
  const [typed, setTyped] = useState('');
  const { senders = [], now = 0 } = found.data ?? {};
  const words = senders.map((one) => stateOf(one, now).word);
  const count = (of: Which): number =>
    of === 'all' ? senders.length : words.filter((word) => word.includes(of)).length;
  const shown = inOrder(senders, now).filter(
    (one) => fits(one, typed) && (which === 'all' || stateOf(one, now).word.includes(which)),
  );
  return (
    <SourcesFrame
      title="Sources"
      status={
        found.data &&
        senders.length > 0 &&
        `${counted(senders.length, 'sender')}, ${count('silent')} silent, ${count('refused')} with something refused`
      }
      actions={<AddLink />}
    >
      <Asking of={found} staleAfterMs={15_000} />
      {found.data && senders.length === 0 && <Nobody />}
      {senders.length > 0 && (
        <>
          <div className="flex flex-wrap items-end gap-3 px-3 py-3 sm:px-5">
            <Segmented
              label="Which senders"
              isBig
              value={which}
              onChange={setWhich}
              options={[
                ['all', 'All'],
                ['refused', `Refused ${count('refused')}`],
                ['silent', `Silent ${count('silent')}`],
              ]}
            />
            <Field
              label="Name or way in"
              type="search"
              value={typed}
              onChange={setTyped}
              className="grow sm:max-w-72"
            />
          </div>
          <SenderTable senders={shown} now={now} kinds={kinds} />
          <p className="max-w-[75ch] px-3 py-4 text-small text-faint sm:px-5">
            A sender is what its way in knows it by: a token, an address, a webhook, a file. Silent
            means that it has not been heard for six times its usual pause, and for a minute at
            least. The rate is that of the last minute. What was refused is shown without what looks
            like a secret.
          </p>
        </>
      )}
    </SourcesFrame>
  );
}

function AddLink(): ReactNode {
  return (
    <Link
      to="/sources/add"
      className="inline-flex h-12 items-center rounded-normal bg-accent px-4 font-semibold text-on-accent hover:opacity-90 sm:h-8 sm:px-2.5"
    >
      Add a source…
    </Link>
  );
}

function Nobody(): ReactNode {
  return (
    <EmptyState title="Nobody has sent anything yet" actions={<AddLink />}>
      <p>
        Whatever your team has already can speak to Territory: StatsD, Prometheus, OpenTelemetry,
        collectd, Graphite, syslog, Nagios, git, webhooks of GitHub and many others. Each needs a
        few lines, which are written for you.
      </p>
    </EmptyState>
  );
}
