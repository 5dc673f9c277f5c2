import type { ReactNode } from 'react';
import type { GateWord } from '../../server/api/contract-deploys.ts';
import { StateMark } from '../kit/StateMark.tsx';
import { TimeText } from '../kit/TimeText.tsx';
import { gateMarks } from './words.ts';

/** What gates say, in their order, with what lifts each that does not let it pass. */
export function GateList(props: {
  readonly of: readonly GateWord[];
  readonly label: string;
}): ReactNode {
  return (
    <ol aria-label={props.label} className="flex flex-col gap-1.5">
      {props.of.map((gate) => (
        <Gate key={`${gate.rule} ${gate.reason}`} gate={gate} />
      ))}
    </ol>
  );
}

function Gate({ gate }: { readonly gate: GateWord }): ReactNode {
  const { rule, word, reason, until, lifts } = gate;
  const [mark, text] = gateMarks[word];
  return (
    <li className="grid grid-cols-[8rem_minmax(0,1fr)] gap-x-3 text-small sm:grid-cols-[8rem_5rem_minmax(0,1fr)]">
      <span className="font-semibold">{rule}</span>
      <StateMark state={mark} word={text} />
      <div className="col-span-2 min-w-0 wrap-anywhere sm:col-span-1">
        {reason}
        {until !== null && (
          <span className="text-soft">
            , until <TimeText at={until} />
          </span>
        )}
        {lifts !== null && word !== 'passes' && (
          <span className="block text-soft">Lifted by: {lifts}</span>
        )}
      </div>
    </li>
  );
}
