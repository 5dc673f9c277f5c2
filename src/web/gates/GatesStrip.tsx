import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Button } from '../kit/Button.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { StateMark } from '../kit/StateMark.tsx';
import { TimeText } from '../kit/TimeText.tsx';
import { gatesQuery } from './api.ts';
import { type StandingGate, standingGates } from './standing.ts';

/** More are shown when somebody asks for them. */
const shownAtFirst = 5;

/** Windows, freezes, locks and post-its that stand now; nothing where there are none. */
export function GatesStrip(): ReactNode {
  const found = useQuery(gatesQuery);
  const [all, setAll] = useState(false);
  const gates = found.data ? standingGates(found.data) : [];
  if (found.isError)
    return (
      <p role="alert" className="border-b border-line px-3 py-2 text-small text-critical sm:px-5">
        What stands in the way of deploys could not be asked: {found.error.message}
      </p>
    );
  if (gates.length === 0) return null;
  const shown = all ? gates : gates.slice(0, shownAtFirst);
  return (
    <Scrollable
      label="What stands in the way of deploys"
      className="max-h-[40vh] shrink-0 overflow-y-auto border-b border-line px-3 py-2 sm:px-5"
    >
      <ul className="flex flex-col gap-1">
        {shown.map((gate) => (
          <Row key={gate.id} gate={gate} />
        ))}
      </ul>
      {gates.length > shown.length && (
        <Button onClick={() => setAll(true)}>Show {gates.length - shown.length} more</Button>
      )}
    </Scrollable>
  );
}

function Row({ gate }: { readonly gate: StandingGate }): ReactNode {
  const { state, word, scope, text, by, when, at } = gate;
  return (
    <li className="flex flex-wrap items-baseline gap-x-2 text-small">
      <StateMark state={state} word={word} />
      <span className="font-semibold wrap-anywhere">{scope}</span>
      <span className="wrap-anywhere">{text}</span>
      <span className="text-soft wrap-anywhere">
        by {by}, {at === undefined ? 'without an end' : when}{' '}
        {at !== undefined && <TimeText at={at} />}
      </span>
    </li>
  );
}
