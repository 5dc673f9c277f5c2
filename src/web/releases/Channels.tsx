import type { ReactNode } from 'react';
import type { WhereChannel } from '../../server/api/contract-releases.ts';
import { LogLink } from '../kit/LogLink.tsx';
import { StateMark } from '../kit/StateMark.tsx';
import { AgeText } from '../kit/TimeText.tsx';

const names: Readonly<Record<WhereChannel['channel'], string>> = {
  S: 'Self',
  O: 'Process',
  D: 'Disk',
  F: 'Front',
  M: 'Schema',
  C: 'Config',
  B: 'Balancer',
};

const words: Readonly<Record<WhereChannel['word'], readonly [state: string, word: string]>> = {
  agrees: ['ok', 'agrees'],
  differs: ['critical', 'differs'],
  silent: ['silent', 'says nothing'],
  blind: ['blind', 'not seen'],
};

/** What runners see of one application in one place, channel by channel, each with its age. */
export function Channels({ of }: { readonly of: readonly WhereChannel[] }): ReactNode {
  if (of.length === 0) return null;
  const runners = new Set(of.map(({ runner }) => runner));
  return (
    <ul aria-label="Evidence" className="flex flex-col">
      {of.map((one) => (
        <Channel key={`${one.runner} ${one.channel}`} of={one} isNamed={runners.size > 1} />
      ))}
    </ul>
  );
}

function Channel(props: { readonly of: WhereChannel; readonly isNamed: boolean }): ReactNode {
  const { channel, word, time, offset, lines, runner } = props.of;
  const [state, text] = words[word];
  return (
    <li className="grid grid-cols-[1.25rem_4.5rem_6.5rem_minmax(0,1fr)] items-baseline gap-x-1 border-t border-line/60 py-1">
      <span className="font-mono font-semibold text-ink">{channel}</span>
      <span className="text-ink">{names[channel]}</span>
      <StateMark state={state} word={text} />
      <span className="text-right">
        {word !== 'blind' && (
          <LogLink of={{ stream: 'readings', offset, time }}>
            <AgeText at={time} />
          </LogLink>
        )}
        {props.isNamed && ` by ${runner}`}
      </span>
      <ul className="col-span-3 col-start-2">
        {lines.map((line) => (
          <li key={line} className="wrap-anywhere">
            {line}
          </li>
        ))}
      </ul>
    </li>
  );
}
