import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { IntakeView } from '../../server/api/contract-intakes.ts';
import { Asking } from '../kit/Asking.tsx';
import { CardTable } from '../kit/CardTable.tsx';
import { counted, formatCount } from '../kit/format.ts';
import { StateMark } from '../kit/StateMark.tsx';
import { AgeText } from '../kit/TimeText.tsx';
import { intakesQuery } from './api.ts';
import { SourcesFrame } from './SourcesFrame.tsx';

const marks = { listening: 'ok', failed: 'critical', off: 'other' } as const;
const heads = [
  ['Way in', ''],
  ['State', ''],
  ['Where', ''],
  ['Last heard', ''],
  ['Connections', 'number'],
  ['Accepted', 'number'],
  ['Refused', 'number'],
] as const;
const rank = { failed: 0, listening: 1, off: 2 } as const;

/** Every way in: where it listens, and what it has taken and refused since the start. */
export function IntakesPage(): ReactNode {
  const found = useQuery(intakesQuery);
  const intakes = (found.data ?? []).toSorted((a, b) => rank[a.state] - rank[b.state]);
  const failed = intakes.filter(({ state }) => state === 'failed').length;
  return (
    <SourcesFrame
      title="Ways in"
      status={failed > 0 && `${counted(failed, 'listener')} could not be opened`}
    >
      <Asking of={found} staleAfterMs={15_000} />
      {intakes.length > 0 && (
        <CardTable label="Ways in" heads={heads}>
          {intakes.map((intake) => (
            <Row key={intake.name} intake={intake} />
          ))}
        </CardTable>
      )}
      <p className="max-w-[75ch] px-3 py-4 text-small text-faint sm:px-5">
        Counted since the server started. Where each listens, which networks may send to it, and
        what is fetched stands under <code className="font-mono">intakes</code> in the{' '}
        configuration.
      </p>
    </SourcesFrame>
  );
}

function Row({ intake }: { readonly intake: IntakeView }): ReactNode {
  const { name, protocol, state, problem, refusedBy } = intake;
  return (
    <tr className={`border-b border-line/60 hover:bg-sunken ${state === 'off' ? 'text-soft' : ''}`}>
      <th scope="row" className="text-left font-normal">
        <span className="font-semibold wrap-anywhere">{protocol}</span>
        <span className="block text-small text-faint">{name}</span>
      </th>
      <td data-name="State">
        <StateMark state={marks[state]} word={state} />
        {problem !== undefined && (
          <span className="block max-w-64 text-small wrap-anywhere text-critical">{problem}</span>
        )}
      </td>
      <td data-name="Where" className="wide font-mono text-small wrap-anywhere">
        {state !== 'off' && placeOf(intake)}
      </td>
      <td data-name="Last heard" className="named">
        {intake.lastSeen === null ? (
          <span className="text-faint">nothing yet</span>
        ) : (
          <AgeText at={intake.lastSeen} />
        )}
      </td>
      <td data-name="Connections" className="number">
        {intake.connections ?? '–'}
      </td>
      <td data-name="Accepted" className="number">
        {formatCount(intake.accepted)}
      </td>
      <td data-name="Refused" className="number">
        <span className={intake.refused > 0 ? 'font-semibold text-critical' : ''}>
          {formatCount(intake.refused)}
        </span>
        {Object.entries(refusedBy).map(([code, count]) => (
          <a
            key={code}
            href={`/docs/errors#${code}`}
            className="block text-small font-normal text-soft underline"
          >
            {formatCount(count)} {code.replace(/^TERR_(INTAKE_)?/, '')}
          </a>
        ))}
      </td>
    </tr>
  );
}

function placeOf({ kind, transports, address, port, path }: IntakeView): string {
  if (kind === 'poller') return address;
  const at = port === null ? address : `${address}:${port}`;
  if (kind === 'http') return `${at}${path ?? ''}`;
  const sockets = `${transports.join(' and ')} ${at}`;
  return path === undefined ? sockets : `${sockets}, ${path}`;
}
