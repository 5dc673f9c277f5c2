import { type ReactNode, useState } from 'react';
import type { Told } from '../../server/api/contract-demo.ts';
import { EventLink } from '../alerts/EventLink.tsx';
import { Button } from '../kit/Button.tsx';
import { AgeText } from '../kit/TimeText.tsx';
import { ConsoleLink } from './ConsoleLink.tsx';
import { toldKinds } from './words.ts';

/** So many stand there until somebody asks for all; fewer where the rest of the page is below. */
const shownAtFirst = 20;
const shownAbove = 6;

/** What the people of the company did, the newest first; each with its page and its event. */
export function Story({ of }: { readonly of: readonly Told[] }): ReactNode {
  const [isWhole, setWhole] = useState(false);
  if (of.length === 0)
    return (
      <p className="text-soft">
        Nothing was told yet. The first commit comes within a minute of the start.
      </p>
    );
  const shown = isWhole ? of : of.slice(0, shownAtFirst);
  return (
    <>
      <ol aria-label="Story" className="relative ml-1.5 border-l border-line-strong/60">
        {shown.map((told, index) => (
          <Moment
            key={`${told.source} ${told.id}`}
            of={told}
            isLater={!isWhole && index >= shownAbove}
          />
        ))}
      </ol>
      {of.length > shownAbove && (
        <Button
          look="quiet"
          className={of.length > shownAtFirst ? 'mt-2' : 'mt-2 xl:hidden'}
          onClick={() => setWhole(!isWhole)}
        >
          {isWhole ? 'Show the newest only' : `Show all ${of.length}`}
        </Button>
      )}
    </>
  );
}

interface MomentProps {
  readonly of: Told;
  /** It can wait where there is little room. */
  readonly isLater: boolean;
}

function Moment({ of, isLater }: MomentProps): ReactNode {
  const { at, kind, text, who, link, source, id } = of;
  const { word, look } = toldKinds[kind];
  return (
    <li className={`relative pb-3 pl-5 last:pb-0 ${isLater ? 'max-xl:hidden' : ''}`}>
      <MomentMark look={look} />
      <p className="flex flex-wrap gap-x-2 text-small text-faint">
        <span className="font-semibold text-soft">{word}</span>
        <EventLink source={source} id={id} time={at} className="underline hover:text-ink">
          <AgeText at={at} />
          <span className="sr-only">, its event</span>
        </EventLink>
        {who !== null && <span className="wrap-anywhere">{who}</span>}
      </p>
      <p className="wrap-anywhere">
        {link === null ? (
          text
        ) : (
          <ConsoleLink
            path={link}
            className="underline decoration-line-strong decoration-1 underline-offset-3 hover:decoration-2"
          >
            {text}
          </ConsoleLink>
        )}
      </p>
    </li>
  );
}

type Look = (typeof toldKinds)[Told['kind']]['look'];

const marks: Readonly<Record<Look, readonly [string, ReactNode]>> = {
  change: ['text-soft', <circle key="s" cx="6" cy="6" r="3.4" />],
  deploy: ['text-accent', <path key="s" d="M6 .8l5.4 10H.6z" />],
  back: ['text-warning', <path key="s" d="M6 11.2L.6 1.2h10.8z" />],
  trouble: ['text-critical', <path key="s" d="M6 .3L11.7 6 6 11.7.3 6z" />],
  person: ['text-unknown', <path key="s" d="M2 2h8v8H2z" />],
};

/** The shapes of the marks over charts: a deploy is a triangle, trouble a diamond. */
function MomentMark({ look }: { readonly look: Look }): ReactNode {
  const [colour, shape] = marks[look];
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 12 12"
      fill="currentColor"
      className={`absolute top-0.5 -left-[6.5px] size-3 bg-page ${colour}`}
    >
      {shape}
    </svg>
  );
}
