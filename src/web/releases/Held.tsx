import type { ReactNode } from 'react';
import type { StandingGate } from '../gates/standing.ts';
import { Icon } from '../kit/Icon.tsx';
import { TimeText } from '../kit/TimeText.tsx';

/** What keeps deploys out of a place, who set it up, and until when. */
export function Held({ gate }: { readonly gate: StandingGate }): ReactNode {
  const { word, by, text, at } = gate;
  return (
    <p className="flex gap-1 text-small text-warning" title={text}>
      <span className="-mx-[3px] mt-px">
        <Icon name="lock" />
      </span>
      <span className="min-w-0 wrap-anywhere">
        {word} by {by}
        {at === undefined ? ', without an end' : ' until '}
        {at !== undefined && <TimeText at={at} />}
      </span>
    </p>
  );
}
