import { type ReactNode, useEffect, useRef } from 'react';
import { CopyButton } from '../kit/CopyButton.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { linesOf } from './rule-lines.ts';

interface SourceProps {
  readonly file: string;
  readonly text: string;
  /** Line where the rule begins, from 1. */
  readonly line: number;
}

/** The file of a rule, with its own lines marked. */
export function Source({ file, text, line }: SourceProps): ReactNode {
  const first = useRef<HTMLSpanElement>(null);
  const last = linesOf(text, line);
  const lines = text.replace(/\n$/, '').split('\n');
  useEffect(() => {
    // Only inside its own frame: the page itself stays where it is.
    const frame = first.current?.closest('section');
    if (frame && first.current) frame.scrollTop = Math.max(0, first.current.offsetTop - 40);
  }, [text, line]);
  return (
    <>
      <div className="mb-1 flex flex-wrap items-center justify-between gap-2">
        <span className="font-mono text-small wrap-anywhere text-soft">
          {file}:{line}
        </span>
        <CopyButton text={text} what="source" />
      </div>
      <Scrollable
        label={`Source of ${file}`}
        className="max-h-[34rem] overflow-auto rounded-normal border border-line bg-sunken py-2 font-mono text-small"
      >
        <pre className="w-max min-w-full">
          {lines.map((content, i) => {
            const number = i + 1;
            const isOwn = number >= line && number <= last;
            return (
              <span
                // oxlint-disable-next-line react/no-array-index-key -- a line is its number
                key={number}
                ref={number === line ? first : undefined}
                className={`block pr-3 ${isOwn ? 'border-l-[3px] border-accent bg-accent-wash' : 'border-l-[3px] border-transparent'}`}
              >
                <span className="mr-3 inline-block w-9 text-right text-soft select-none">
                  {number}
                </span>
                {content}
                {'\n'}
              </span>
            );
          })}
        </pre>
      </Scrollable>
    </>
  );
}
