import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { SeriesAnswer } from '../../server/api/contract.ts';
import { Button } from '../kit/Button.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { catalogueQuery } from '../kit/queries.ts';
import { AgeText, TimeText } from '../kit/TimeText.tsx';
import { type Asked, reframe } from './asked.ts';
import type { ExploreChange } from './search.ts';

interface NoDataProps {
  readonly asked: Asked;
  readonly answer: SeriesAnswer;
  readonly onChange: (change: ExploreChange) => void;
}

/** Nothing was found, which is not the same as zero: says for what, and where there was something. */
export function NoData({ asked, answer, onChange }: NoDataProps): ReactNode {
  const { data } = useQuery(catalogueQuery);
  const seen = data?.kinds.name?.entries.find((entry) => entry.value === asked.metric);
  const lastSeen = seen?.lastSeen;
  const isOlder = lastSeen !== undefined && lastSeen < answer.from;
  return (
    <EmptyState
      title="No data"
      actions={
        <>
          {isOlder && (
            <Button
              look="primary"
              onClick={() =>
                onChange(reframe({ from: lastSeen - asked.span, to: lastSeen + 1 }, {}, Date.now()))
              }
            >
              Go to where it was last seen
            </Button>
          )}
          <Button icon="zoomOut" onClick={() => onChange(reframe(answer, { grow: 4 }, Date.now()))}>
            Four times the range
          </Button>
        </>
      }
    >
      <p>
        No event from <TimeText at={answer.from} /> to <TimeText at={answer.to} /> matches
      </p>
      <p className="font-mono text-small wrap-anywhere text-ink">{asked.where || 'anything'}</p>
      <p>
        {asked.metric !== undefined &&
          data &&
          (lastSeen === undefined ? (
            `No event called ${asked.metric} has been seen.`
          ) : (
            <>
              {asked.metric} was last seen <AgeText at={lastSeen} />
              {isOlder
                ? '.'
                : ', so it is the filter that leaves nothing over, or the event has no number.'}
            </>
          ))}
      </p>
    </EmptyState>
  );
}
