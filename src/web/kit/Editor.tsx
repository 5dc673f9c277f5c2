import { type ReactNode, useId, useImperativeHandle, useRef, type Ref } from 'react';
import { type Complete, useCompletions } from './use-completions.tsx';

/** A place in a text that something is said about: line and column from 1. */
export interface Flaw {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** It can stand as it is; an error when left out. */
  readonly isWarning?: boolean;
}

/** What can be done with an editor from outside. */
export interface EditorHandle {
  readonly goTo: (flaw: Flaw) => void;
}

interface EditorProps {
  readonly label: string;
  readonly value: string;
  readonly flaws: readonly Flaw[];
  readonly onChange: (value: string) => void;
  /** It can be read and copied, and not changed. */
  readonly isReadOnly?: boolean;
  /** As high as the window allows, for a page that is about the text. */
  readonly isTall?: boolean;
  /** What may stand at the cursor. */
  readonly complete?: Complete;
  readonly ref?: Ref<EditorHandle>;
}

const looks = {
  good: '',
  warning: 'bg-warning-wash font-semibold text-warning',
  error: 'bg-critical-wash font-semibold text-critical',
} as const;
const marks = { good: '', warning: '▲ ', error: '■ ' } as const;

/** Lines of text with their numbers; lines with a flaw are marked, by a shape and by colour. */
export function Editor(props: EditorProps): ReactNode {
  const { label, value, flaws, onChange, isReadOnly = false, isTall = false, ref } = props;
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLDivElement>(null);
  const completions = useCompletions({
    id,
    area,
    complete: isReadOnly ? undefined : props.complete,
    onChange,
  });
  useImperativeHandle(ref, () => ({
    goTo: ({ line, column }) => {
      const field = area.current;
      if (!field) return;
      const start = field.value.split('\n', line - 1).reduce((sum, one) => sum + one.length + 1, 0);
      field.focus();
      field.setSelectionRange(start + column - 1, start + column - 1);
      const height = Number.parseFloat(getComputedStyle(field).lineHeight);
      field.scrollTop = Math.max(0, (line - 4) * height);
    },
  }));
  const count = value.split('\n').length;
  const wrong = new Map<number, 'warning' | 'error'>();
  for (const { line, isWarning = false } of flaws)
    if (!isWarning) wrong.set(line, 'error');
    else if (!wrong.has(line)) wrong.set(line, 'warning');
  return (
    <div className="relative">
      <label htmlFor={id} className="label">
        {label}
      </label>
      <div
        style={{ height: `calc(${Math.max(6, count)} * 1.25rem + 1.5rem)` }}
        className={`mt-1 flex ${isTall ? 'max-h-[max(20rem,calc(100dvh-15rem))]' : 'max-h-[clamp(14rem,40vh,30rem)]'} overflow-hidden rounded-normal border border-line-strong bg-raised font-mono text-small leading-5 focus-within:outline-2 focus-within:outline-accent`}
      >
        <div
          ref={gutter}
          aria-hidden="true"
          className="w-11 shrink-0 overflow-hidden border-r border-line bg-sunken py-2 text-right text-soft select-none"
        >
          {Array.from({ length: count }, (_, i) => (
            <div
              // oxlint-disable-next-line react/no-array-index-key -- a line is its number
              key={i}
              className={`pr-2 ${looks[wrong.get(i + 1) ?? 'good']}`}
            >
              {marks[wrong.get(i + 1) ?? 'good']}
              {i + 1}
            </div>
          ))}
        </div>
        <textarea
          ref={area}
          id={id}
          wrap="off"
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          readOnly={isReadOnly}
          aria-invalid={flaws.length > 0}
          value={value}
          {...completions.field}
          onChange={(e) => {
            onChange(e.target.value);
            completions.look();
          }}
          onScroll={(e) => {
            if (gutter.current) gutter.current.scrollTop = e.currentTarget.scrollTop;
          }}
          className="min-w-0 grow resize-none overflow-auto bg-transparent px-2 py-2 outline-none"
        />
      </div>
      <div className="absolute top-5 right-0 left-13 font-mono text-small leading-5">
        {completions.popup}
      </div>
    </div>
  );
}
