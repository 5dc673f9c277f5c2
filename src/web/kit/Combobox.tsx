import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';
import { Listbox, optionId } from './Listbox.tsx';

interface ComboboxProps {
  readonly label: string;
  /** What is chosen; '' when nothing is. */
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly note?: string }[];
  readonly onChoose: (value: string) => void;
  readonly placeholder?: string;
  readonly className?: string;
  /** The label is for screen readers only. */
  readonly bare?: boolean;
  /** Said in the list when nothing fits. */
  readonly none: string;
  /** The key `/` leads to it. */
  readonly isFilter?: boolean;
}

const shownAtMost = 50;

/** Choose one of many by typing a part of it; a text that is not in the list may be confirmed too. */
export function Combobox(props: ComboboxProps): ReactNode {
  const {
    label,
    value,
    options,
    onChoose,
    placeholder,
    none,
    className = '',
    bare = false,
  } = props;
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const [typed, setTyped] = useState<string>();
  const [at, setAt] = useState(0);
  const open = typed !== undefined;
  const sought = (typed === value ? '' : (typed ?? '')).trim().toLowerCase();
  const fitting = options
    .filter((o) => o.value.toLowerCase().includes(sought))
    .slice(0, shownAtMost);
  const choose = (chosen: string): void => {
    setTyped(undefined);
    setAt(0);
    if (chosen !== value) onChoose(chosen);
  };
  const onKeyDown = (e: KeyboardEvent): void => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (move !== undefined) {
      e.preventDefault();
      if (!open) return setTyped(value);
      const next = Math.min(fitting.length - 1, Math.max(0, at + move));
      setAt(next);
      list.current?.children[next]?.scrollIntoView({ block: 'nearest' });
    } else if (e.key === 'Enter' && open) choose(fitting[at]?.value ?? typed.trim());
    else if (e.key === 'Escape' && open) {
      e.stopPropagation();
      setTyped(undefined);
    }
  };
  return (
    <div className={`relative flex flex-col gap-1 ${className}`}>
      <label htmlFor={id} className={bare ? 'sr-only' : 'label'}>
        {label}
      </label>
      <input
        id={id}
        role="combobox"
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={open && fitting[at] ? optionId(`${id}-list`, at) : undefined}
        data-filter={props.isFilter || undefined}
        autoComplete="off"
        spellCheck={false}
        className="control w-full"
        placeholder={placeholder}
        value={typed ?? value}
        onChange={(e) => {
          setTyped(e.target.value);
          setAt(0);
        }}
        onFocus={(e) => e.target.select()}
        onClick={() => setTyped((was) => was ?? value)}
        onBlur={() => setTyped(undefined)}
        onKeyDown={onKeyDown}
      />
      <Listbox
        ref={list}
        id={`${id}-list`}
        label={label}
        isOpen={open}
        options={fitting.map((option) => ({ text: option.value, note: option.note }))}
        at={at}
        onChoose={(i) => choose(fitting[i]?.value ?? value)}
        none={none}
      />
    </div>
  );
}
