import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Asking } from '../kit/Asking.tsx';
import { Button } from '../kit/Button.tsx';
import { Definitions } from '../kit/Definitions.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { counted, formatCount } from '../kit/format.ts';
import { useRefusal } from '../kit/may.ts';
import { ErrorNotice, Notice } from '../kit/Notice.tsx';
import { AgeText } from '../kit/TimeText.tsx';
import { rulesQuery } from '../rules/api.ts';
import { AlertRow } from './AlertRow.tsx';
import { AlertsFrame } from './AlertsFrame.tsx';
import { allAlertsQuery, openAlertsQuery } from './api.ts';
import type { Alert } from '../../server/api/contract-alerts.ts';
import { type Group, grouped, isUnattended } from './order.ts';
import { NoticeSwitch } from './NoticeSwitch.tsx';
import { NewSilenceDialog } from './NewSilenceDialog.tsx';
import { useAcknowledge } from './use-acknowledge.ts';

/** Twice the refreshing interval and a bit: one answer may be late. */
const staleAfterMs = 75_000;

/** What is open now, the worst first. Made for one thumb in the night. */
export function NowPage(): ReactNode {
  const found = useQuery(openAlertsQuery);
  const [silencing, setSilencing] = useState(false);
  const refusal = useRefusal('act');
  const alerts = found.data?.alerts ?? [];
  const groups = grouped(alerts);
  return (
    <AlertsFrame
      title="Alerts"
      status={found.data && <Summary groups={groups} />}
      actions={
        <>
          <NoticeSwitch />
          <Button isBig icon="silence" because={refusal} onClick={() => setSilencing(true)}>
            Silence…
          </Button>
        </>
      }
    >
      <Asking of={found} staleAfterMs={staleAfterMs} />
      {refusal !== undefined && (
        <p className="px-3 py-2 text-small text-faint sm:px-5">{refusal}</p>
      )}
      {found.data && alerts.length === 0 && <NothingOpen />}
      <Groups groups={groups} />
      {found.data && found.data.matched > alerts.length && (
        <Notice look="warning">
          {formatCount(found.data.matched)} are open; the worst {formatCount(alerts.length)} stand
          here. The filter of the history finds the others.
        </Notice>
      )}
      {alerts.length > 0 && <Definitions of={definitions} />}
      {silencing && <NewSilenceDialog onClose={() => setSilencing(false)} />}
    </AlertsFrame>
  );
}

const definitions = [
  [
    'Alert',
    'One rule and one key: it is opened once, however often its condition comes true again.',
  ],
  ['For', 'Since the time of the first event of the condition, not since it was noticed.'],
  [
    'Order',
    'The worst severity first. In each, those that wait for somebody, the oldest on top; then those that somebody has or that are silenced.',
  ],
  [
    'Value',
    'The reading that decided, as it was when the rule last said so; its page has the chart.',
  ],
  [
    'Flapping',
    'At least half of the last changes and quiet minutes were changes, the newest weighing most, as Nagios counts it. It is kept open and told once.',
  ],
  ['Silenced', 'A silence matches it: it is told to nobody until the silence ends.'],
] as const;

function Summary({ groups }: { readonly groups: readonly Group[] }): ReactNode {
  if (groups.length === 0) return null;
  const waiting = groups.flatMap((group) => group.alerts).filter(isUnattended).length;
  return (
    <span>
      {groups.map(({ severity, alerts }) => `${alerts.length} ${severity}`).join(', ')}
      {' · '}
      {waiting === 0
        ? 'somebody has each of them'
        : waiting === 1
          ? '1 waits for somebody'
          : `${waiting} wait for somebody`}
    </span>
  );
}

function Groups({ groups }: { readonly groups: readonly Group[] }): ReactNode {
  const acknowledge = useAcknowledge();
  const because = useRefusal('act');
  const busy = (alert: Alert): boolean =>
    acknowledge.isPending && acknowledge.variables.alert.id === alert.id;
  return (
    <>
      {acknowledge.error && <ErrorNotice error={acknowledge.error} />}
      {groups.map(({ severity, alerts }) => (
        <section key={severity} data-tour="alert" aria-label={`${severity}, ${alerts.length}`}>
          <h2 className="sticky top-0 z-10 flex items-baseline gap-2 border-b border-line bg-page px-3 py-1.5 font-semibold sm:px-5">
            <span className="first-letter:uppercase">{severity}</span>
            <span className="font-normal text-faint">{alerts.length}</span>
          </h2>
          <ul>
            {alerts.map((alert) => (
              <AlertRow
                key={alert.id}
                alert={alert}
                because={because}
                busy={busy(alert)}
                onAcknowledge={() => acknowledge.mutate({ alert })}
              />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

/** Nothing open is good news only where rules run: says which of both it is. */
function NothingOpen(): ReactNode {
  const rules = useQuery(rulesQuery).data?.rules;
  const last = useQuery(allAlertsQuery('')).data?.alerts[0];
  const watching = rules?.filter((rule) => rule.state === 'running').length;
  return (
    <EmptyState
      title={watching === 0 ? 'No rule runs, so nothing can open' : 'Nothing is open'}
      actions={
        <>
          <Link to="/rules" className="font-semibold text-accent underline">
            {watching === 0 ? 'Write the first rule' : 'See the rules that watch'}
          </Link>
          {watching === 0 && (
            <Link to="/rules/library" className="font-semibold text-accent underline">
              Choose a ready rule
            </Link>
          )}
          <Link to="/alerts/history" className="font-semibold text-accent underline">
            What was open before
          </Link>
        </>
      }
    >
      {watching === 0 ? (
        <p>That is not good news: nobody looks.</p>
      ) : (
        <p>
          {watching === undefined ? 'No rule' : `None of ${counted(watching, 'rule')}`} sees its
          condition now. That says as much as the rules that run, and no more: what no rule watches
          opens nothing.
        </p>
      )}
      {last && (
        <p>
          The last was{' '}
          <Link to="/alerts/$id" params={{ id: last.id }} className="text-accent underline">
            {last.title}
          </Link>
          {last.resolvedAt !== undefined && (
            <>
              , over <AgeText at={last.resolvedAt} />
            </>
          )}
          .
        </p>
      )}
    </EmptyState>
  );
}
