import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';
import { Icon } from '../kit/Icon.tsx';
import { Listbox, optionId } from '../kit/Listbox.tsx';
import { catalogueQuery } from '../kit/queries.ts';
import { type Fault, faultOf } from './check.ts';
import { complete, type Completion } from './complete.ts';

interface WhereFieldProps {
  readonly label: string;
  /** What is in force. */
  readonly value: string;
  /** A text without fault was confirmed by Enter or by leaving the field. */
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
  /** The `/` key leads here. */
  readonly isFilter?: boolean;
}

/** Mount it with `key={value}`, so that it follows an address that changes under it. */
export function WhereField(props: WhereFieldProps): ReactNode {
  const { label, value, onChange, placeholder, isFilter } = props;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const [caret, setCaret] = useState(value.length);
  const [listed, setListed] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const [scrolled, setScrolled] = useState(0);
  const { data: catalogue } = useQuery(catalogueQuery);
  const fault = faultOf(text);
  const options = listed ? complete(text.slice(0, caret), catalogue) : [];
  const shown = options.length > 0;

  const confirm = (now: string): void => {
    setListed(false);
    if (!faultOf(now) && now.trim() !== value) onChange(now.trim());
  };
  const take = (option: Completion): void => {
    const head = text.slice(0, caret - option.replaces) + option.text;
    setText(head + text.slice(caret).replace(/^"?\s?/, ''));
    setCaret(head.length);
    setChosen(-1);
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(head.length, head.length);
    });
  };
  const onKeyDown = (e: KeyboardEvent<HTMLInputElement>): void => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (move !== undefined && shown) {
      e.preventDefault();
      setChosen(
        (was) => (was + move + options.length + (was < 0 && move < 0 ? 1 : 0)) % options.length,
      );
    } else if (e.key === 'Enter') {
      const option = shown ? options[chosen] : undefined;
      if (option) take(option);
      else confirm(text);
    } else if (e.key === 'Escape' && shown) {
      e.stopPropagation();
      setListed(false);
    } else if (e.key === 'Escape') input.current?.blur();
  };

  return (
    <div className="relative min-w-0 grow basis-64">
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <div className="relative">
        <span className="pointer-events-none absolute inset-y-0 left-2 flex items-center text-faint">
          <Icon name="search" />
        </span>
        <input
          ref={input}
          id={id}
          role="combobox"
          aria-expanded={shown}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={shown && chosen >= 0 ? optionId(`${id}-list`, chosen) : undefined}
          aria-invalid={fault !== undefined}
          aria-describedby={fault && !shown ? `${id}-fault` : undefined}
          data-filter={isFilter ? '' : undefined}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          value={text}
          placeholder={placeholder}
          onChange={(e) => {
            setText(e.target.value);
            setCaret(e.target.selectionStart ?? e.target.value.length);
            setListed(true);
            setChosen(-1);
          }}
          onSelect={(e) => setCaret(e.currentTarget.selectionStart ?? text.length)}
          onFocus={() => setListed(true)}
          onBlur={() => confirm(text)}
          onScroll={(e) => setScrolled(e.currentTarget.scrollLeft)}
          onKeyDown={onKeyDown}
          className={`control w-full pr-8 pl-8 font-mono text-small! ${fault ? 'border-critical' : ''}`}
        />
        {fault && <Underline text={text} fault={fault} scrolled={scrolled} />}
        {text !== '' && (
          <button
            type="button"
            aria-label={`Clear ${label.toLowerCase()}`}
            onMouseDown={(e) => e.preventDefault()}
            onClick={() => {
              setText('');
              onChange('');
            }}
            className="absolute inset-y-0 right-1 flex w-7 items-center justify-center rounded-normal text-faint hover:text-ink"
          >
            <Icon name="close" />
          </button>
        )}
      </div>
      {fault && !shown && (
        <output id={`${id}-fault`} className="block mt-1 text-small text-critical">
          {fault.message}
        </output>
      )}
      <Listbox
        id={`${id}-list`}
        label={`Completions of ${label.toLowerCase()}`}
        isOpen={shown}
        options={options}
        at={chosen}
        onChoose={(i) => {
          const option = options[i];
          if (option) take(option);
        }}
      />
    </div>
  );
}

/** A wave under what is wrong: the same text, unseen, exactly over the field's own. */
function Underline(props: {
  readonly text: string;
  readonly fault: Fault;
  readonly scrolled: number;
}): ReactNode {
  const { text, fault, scrolled } = props;
  const from = fault.column - 1;
  const wrong = text.slice(from, from + fault.length) || ' ';
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none absolute inset-y-0 right-8 left-8 flex items-center overflow-hidden font-mono text-small whitespace-pre text-transparent"
    >
      <span style={{ transform: `translateX(${-scrolled}px)` }}>
        {text.slice(0, from)}
        <span className="border-b-2 border-dotted border-critical pb-0.5">{wrong}</span>
      </span>
    </div>
  );
}
