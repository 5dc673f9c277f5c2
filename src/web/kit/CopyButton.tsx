import { type ReactNode, useState } from 'react';
import { Button } from './Button.tsx';

/** Puts a text on the clipboard and says whether it got there. */
export function CopyButton(props: { readonly text: string; readonly what: string }): ReactNode {
  const [outcome, setOutcome] = useState<'copied' | 'failed'>();
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(props.text);
      setOutcome('copied');
    } catch {
      // No permission, or the page came over plain HTTP: the text beside it can be selected.
      setOutcome('failed');
    }
    setTimeout(() => setOutcome(undefined), 2500);
  };
  return (
    <>
      <Button
        look="quiet"
        icon={outcome === 'copied' ? 'check' : 'copy'}
        onClick={() => void copy()}
      >
        {outcome === 'copied'
          ? 'Copied'
          : outcome === 'failed'
            ? 'Not allowed'
            : `Copy ${props.what}`}
      </Button>
      <output className="sr-only">{outcome === 'copied' ? `${props.what} copied` : ''}</output>
    </>
  );
}
