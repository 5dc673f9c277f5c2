import { type KeyboardEvent, type ReactNode, type RefObject, useRef, useState } from 'react';
import { Listbox, optionId } from './Listbox.tsx';

/** What may stand at the cursor: `insert` goes in place of the `replaces` characters before it. */
export interface TextCompletion {
  readonly text: string;
  readonly note: string;
  readonly insert: string;
  readonly replaces: number;
  /** The part of `insert` that is to be typed over. */
  readonly select?: { readonly from: number; readonly to: number };
}

/** Completes the line that the cursor stands in: what is before and behind it, and the whole text. */
export type Complete = (before: string, behind: string, text: string) => readonly TextCompletion[];

interface Offer {
  readonly options: readonly TextCompletion[];
  /** The one that Enter takes; -1: none, and Enter begins a new line. */
  readonly at: number;
  readonly caret: number;
  /** From 0. */
  readonly line: number;
  readonly column: number;
}

/**
 * Completions in a textarea in a type of equal widths: offered while typing and by Ctrl Space, chosen by
 * the arrows and Enter, the first of them by Tab.
 */
export function useCompletions(props: {
  readonly id: string;
  readonly area: RefObject<HTMLTextAreaElement | null>;
  readonly complete: Complete | undefined;
  readonly onChange: (value: string) => void;
}) {
  const { id, area, complete, onChange } = props;
  const [offer, setOffer] = useState<Offer>();
  const isTaking = useRef(false);
  const look = (): void => {
    const field = area.current;
    if (!field || !complete || isTaking.current) return setOffer(undefined);
    const { value, selectionStart: caret } = field;
    const lines = value.slice(0, caret).split('\n');
    const before = lines.at(-1) ?? '';
    const [behind = ''] = value.slice(caret).split('\n', 1);
    const options = complete(before, behind, value);
    const [line, column] = [lines.length - 1, before.length];
    setOffer(options.length === 0 ? undefined : { options, at: -1, caret, line, column });
  };
  const take = (option: TextCompletion | undefined): void => {
    const field = area.current;
    setOffer(undefined);
    if (!field || !option) return;
    const start = field.selectionStart - option.replaces;
    field.setSelectionRange(start, field.selectionStart);
    isTaking.current = true;
    if (!insert(option.insert))
      onChange(field.value.slice(0, start) + option.insert + field.value.slice(field.selectionEnd));
    isTaking.current = false;
    const { from, to } = option.select ?? { from: option.insert.length, to: option.insert.length };
    requestAnimationFrame(() => field.setSelectionRange(start + from, start + to));
  };
  const onKeyDown = (e: KeyboardEvent): void => {
    if (e.key === ' ' && e.ctrlKey) return done(e, look);
    if (!offer) return;
    const move = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    const count = offer.options.length;
    if (move !== undefined)
      done(e, () =>
        setOffer({
          ...offer,
          at: (offer.at + move + count + (offer.at < 0 && move < 0 ? 1 : 0)) % count,
        }),
      );
    else if (e.key === 'Tab' && !e.shiftKey)
      done(e, () => take(offer.options[Math.max(0, offer.at)]));
    else if (e.key === 'Enter' && offer.at >= 0) done(e, () => take(offer.options[offer.at]));
    else if (e.key === 'Escape') done(e, () => setOffer(undefined));
  };
  const list = `${id}-completions`;
  return {
    look,
    /** For the textarea. */
    field: complete && {
      'aria-autocomplete': 'list' as const,
      'aria-controls': list,
      'aria-activedescendant': offer && offer.at >= 0 ? optionId(list, offer.at) : undefined,
      onKeyDown,
      onBlur: () => setOffer(undefined),
      onSelect: (): void => {
        if (offer && area.current?.selectionStart !== offer.caret) setOffer(undefined);
      },
    },
    /** Under the cursor, in a frame that begins where the text does. */
    popup: complete && <Popup list={list} offer={offer} area={area} onTake={take} />,
  };
}

function done(e: KeyboardEvent, act: () => void): void {
  e.preventDefault();
  e.stopPropagation();
  act();
}

/** As if it were typed, so that Ctrl Z takes it back; false where the browser does not do that. */
// oxlint-disable-next-line typescript/no-deprecated -- nothing else keeps the undo of a textarea
const insert = (text: string): boolean => document.execCommand('insertText', false, text);

function Popup(props: {
  readonly list: string;
  readonly offer: Offer | undefined;
  readonly area: RefObject<HTMLTextAreaElement | null>;
  readonly onTake: (option: TextCompletion | undefined) => void;
}): ReactNode {
  const { list, offer, area, onTake } = props;
  const { scrollLeft = 0, scrollTop = 0 } = area.current ?? {};
  return (
    <div
      style={{
        left: `clamp(0px, calc(${offer?.column ?? 0} * 1ch - ${scrollLeft}px), calc(100% - 20rem))`,
        top: `calc(${offer?.line ?? 0} * 1.25rem + 0.5rem - ${scrollTop}px)`,
      }}
      className="absolute h-5 w-0"
    >
      <Listbox
        id={list}
        label="Completions"
        isOpen={offer !== undefined}
        options={offer?.options ?? []}
        at={offer?.at ?? -1}
        onChoose={(at) => onTake(offer?.options[at])}
      />
    </div>
  );
}
