import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { WhereDeploy } from '../../server/api/contract-releases.ts';
import { CardTable } from '../kit/CardTable.tsx';
import { formatDuration } from '../kit/format.ts';
import { StateMark } from '../kit/StateMark.tsx';
import { TimeText } from '../kit/TimeText.tsx';
import { shortVersion } from './rows.ts';

const heads = [
  ['Version', ''],
  ['Environment', ''],
  ['State', ''],
  ['When', ''],
  ['Took', 'number'],
  ['By', ''],
  ['Thread', ''],
] as const;

const marks: Readonly<Record<WhereDeploy['state'], readonly [state: string, word: string]>> = {
  running: ['running', 'under way'],
  succeeded: ['ok', 'deployed'],
  rolledback: ['warning', 'rolled back to'],
  removed: ['removed', 'removed'],
  failed: ['critical', 'failed'],
  refused: ['warning', 'refused'],
  cancelled: ['cancelled', 'cancelled'],
  lost: ['unknown', 'lost'],
  discovered: ['unknown', 'discovered'],
};

/** Deploys, newest first; each leads to the thread of what led to it and what came of it. */
export function DeployTable({ deploys }: { readonly deploys: readonly WhereDeploy[] }): ReactNode {
  return (
    <CardTable label="Deploys" heads={heads}>
      {deploys.map((deploy) => (
        <Row key={`${deploy.environment} ${deploy.thread}`} deploy={deploy} />
      ))}
    </CardTable>
  );
}

function Row({ deploy }: { readonly deploy: WhereDeploy }): ReactNode {
  const { version, environment, state, at, started, actor, reason, url, thread } = deploy;
  const [mark, word] = marks[state];
  const own = ownId(deploy);
  return (
    <tr className="border-b border-line/60 hover:bg-sunken">
      <th
        scope="row"
        className="text-left font-mono font-semibold wrap-anywhere"
        title={version ?? undefined}
      >
        {shortVersion(version)}
      </th>
      <td data-name="Environment" className="named">
        {environment}
      </td>
      <td data-name="State" className="named">
        <StateMark state={mark} word={word} />
        {reason !== undefined && (
          <span className="block max-w-80 text-small wrap-anywhere text-soft">{reason}</span>
        )}
      </td>
      <td data-name="When" className="named">
        <TimeText at={at} />
      </td>
      <td data-name="Took" className="number">
        {started === null || state === 'running' ? '–' : formatDuration(at - started)}
      </td>
      <td data-name="By" className="named wrap-anywhere">
        {actor ?? '–'}
      </td>
      <td data-name="Thread" className="named">
        <Link
          to="/thread"
          search={{ of: thread }}
          className="inline-block min-h-6 text-accent underline"
        >
          follow
        </Link>
        {own !== undefined && (
          <>
            {' · '}
            <Link
              to="/deploys/$id"
              params={{ id: own }}
              className="inline-block min-h-6 text-accent underline"
            >
              how it went
            </Link>
          </>
        )}
        {url !== undefined && /^https?:\/\//.test(url) && (
          <>
            {' · '}
            <a
              href={url}
              rel="noreferrer"
              target="_blank"
              className="inline-block min-h-6 text-accent underline"
            >
              run
            </a>
          </>
        )}
      </td>
    </tr>
  );
}

/** What Territory carried out itself has a page of its own, under the last part of its name. */
function ownId({ id, evidence }: WhereDeploy): string | undefined {
  return evidence.some(({ source }) => source === 'territory/deploys')
    ? id?.split('/').at(-1)
    : undefined;
}
