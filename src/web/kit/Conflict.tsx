import { type ReactNode, useEffect, useId, useRef } from 'react';
import { Button } from './Button.tsx';
import { Scrollable } from './Scrollable.tsx';
import { ownLines } from './line-marks.ts';

interface ConflictProps {
  /** What it is a text of: `the map`. */
  readonly of: string;
  readonly mine: string;
  readonly theirs: string;
  readonly onTakeTheirs: () => void;
  readonly onSaveMine: () => void;
}

/** Two texts were made of the same one: both, with the lines that only one of them has. */
export function Conflict(props: ConflictProps): ReactNode {
  const { of, mine, theirs, onTakeTheirs, onSaveMine } = props;
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="border-l-[3px] border-warning bg-warning-wash px-3 py-2"
    >
      <div role="alert">
        <h2 id={id} className="font-semibold">
          Somebody else saved {of} while you wrote
        </h2>
        <p className="max-w-[75ch]">
          Nothing of yours is lost, and nothing was saved. Take over from the left what you need, or
          choose one of the two. Lines that only one of them has are marked.
        </p>
      </div>
      <div className="mt-2 grid gap-3 lg:grid-cols-2">
        <Side title="As it is saved now" text={theirs} other={mine} />
        <Side title="Yours" text={mine} other={theirs} />
      </div>
      <div className="mt-2 flex flex-wrap gap-2">
        <Button onClick={onTakeTheirs}>Drop mine</Button>
        <Button onClick={onSaveMine}>Save mine over it</Button>
      </div>
    </section>
  );
}

function Side(props: { readonly title: string; readonly text: string; readonly other: string }) {
  const own = ownLines(props.text, props.other);
  const first = own.indexOf(true);
  const mark = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    // Only inside its own frame: the page itself stays where it is.
    const frame = mark.current?.closest('section');
    if (frame && mark.current) frame.scrollTop = Math.max(0, mark.current.offsetTop - 60);
  }, [first]);
  return (
    <div className="min-w-0">
      <h3 className="label">{props.title}</h3>
      <Scrollable
        label={props.title}
        className="mt-1 max-h-64 overflow-auto rounded-normal border border-line bg-raised py-1 font-mono text-small"
      >
        <pre className="w-max min-w-full">
          {props.text.split('\n').map((line, at) => (
            <span
              // oxlint-disable-next-line react/no-array-index-key -- a line is its number
              key={at}
              ref={at === first ? mark : undefined}
              className={`block border-l-[3px] px-2 ${own[at] ? 'border-accent bg-accent-wash' : 'border-transparent'}`}
            >
              {line || ' '}
            </span>
          ))}
        </pre>
      </Scrollable>
    </div>
  );
}
