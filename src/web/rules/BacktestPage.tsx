import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useRef, useState } from 'react';
import type { BacktestRequest } from '../../server/api/contract-backtest.ts';
import { Button } from '../kit/Button.tsx';
import { useRefusal } from '../kit/may.ts';
import { ErrorNotice } from '../kit/Notice.tsx';
import { BacktestFailure, flawsOf } from './BacktestFailure.tsx';
import { BacktestResult } from './BacktestResult.tsx';
import { rulesQuery } from './api.ts';
import { rangeOf } from './backtest-range.ts';
import type { BacktestChange, BacktestSearch } from './backtest-search.ts';
import { Editor, type EditorHandle, type Flaw } from '../kit/Editor.tsx';
import { Intro } from './Intro.tsx';
import { pack } from './packed-text.ts';
import { Progress } from './Progress.tsx';
import { RangeChoice } from './RangeChoice.tsx';
import { RulesChoice } from './RulesChoice.tsx';
import { RulesFrame } from './RulesFrame.tsx';
import { type Run, useBacktest } from './use-backtest.ts';
import { type BaseText, unpackedQuery, useBaseText } from './use-base-text.ts';

/** Runs rules over what was recorded, beside those that run now. Nothing is sent, nothing is kept. */
export function BacktestPage(): ReactNode {
  const search = useSearch({ from: '/inside/rules/backtest' });
  const navigate = useNavigate({ from: '/rules/backtest' });
  const change = (next: BacktestChange, replace = false): void => {
    const merged = Object.entries({ ...search, ...next }).filter(([, v]) => v);
    void navigate({ search: Object.fromEntries(merged), replace });
  };
  const base = useBaseText(search);
  const backtest = useBacktest();
  const { run } = backtest;
  const draft = useDraft(search, base, (text) => change({ text }, true));
  const editor = useRef<EditorHandle>(null);
  const known = useKnownFlaws(
    draft.isChanged || search.text !== undefined ? undefined : search.file,
  );
  const go = async (): Promise<void> => {
    await draft.keep();
    const isFile = search.file !== undefined && search.text === undefined && !draft.isChanged;
    backtest.start(requestOf(search, isFile ? undefined : draft.text, base.name));
  };
  return (
    <RulesFrame title="Backtest">
      <form
        className="flex flex-col gap-3 border-b border-line px-3 py-3 sm:px-5"
        onSubmit={(e) => {
          e.preventDefault();
          void go();
        }}
      >
        <div className="flex flex-wrap items-end gap-x-4 gap-y-3">
          <RulesChoice search={search} onChange={change} />
          <RangeChoice search={search} onChange={change} />
          <RunButton backtest={backtest} isWaiting={draft.isWaiting} />
        </div>
        <OnlyRule search={search} onChange={change} />
        {base.error && <ErrorNotice error={base.error} />}
        {draft.text !== undefined && (
          <Editor
            ref={editor}
            label={draft.isChanged ? `${base.name}, changed here and nowhere else` : base.name}
            value={draft.text}
            flaws={run.state === 'failed' ? flawsOf(run.error) : known}
            onChange={draft.change}
          />
        )}
      </form>
      <Outcome run={run} search={search} onGoTo={(flaw) => editor.current?.goTo(flaw)} />
    </RulesFrame>
  );
}

/** What is known to be wrong with a file as it stands in the directory. */
function useKnownFlaws(file: string | undefined): readonly Flaw[] {
  const { data } = useQuery({ ...rulesQuery, enabled: file !== undefined });
  const error = data?.files.find((one) => one.file === file)?.error;
  return error?.file === file && error !== undefined ? [error] : [];
}

function RunButton(props: {
  readonly backtest: ReturnType<typeof useBacktest>;
  readonly isWaiting: boolean;
}): ReactNode {
  const refusal = useRefusal('administer');
  const { run, cancel } = props.backtest;
  if (run.state === 'running')
    return (
      <Button isBig onClick={cancel} icon="close">
        Cancel
      </Button>
    );
  return (
    <>
      <Button
        isBig
        look="primary"
        type="submit"
        icon="play"
        because={refusal ?? (props.isWaiting ? 'The text is on its way' : undefined)}
      >
        Run
      </Button>
      {refusal !== undefined && (
        <p className="basis-full text-small text-faint">
          {refusal}: a backtest runs the code of its rules.
        </p>
      )}
    </>
  );
}

function OnlyRule(props: {
  readonly search: BacktestSearch;
  readonly onChange: (change: BacktestChange) => void;
}): ReactNode {
  const { rule } = props.search;
  if (rule === undefined) return null;
  return (
    <div>
      <Button
        icon="close"
        className="flex-row-reverse bg-accent-wash!"
        aria-label={`Only the rule ${rule}: run all of the file instead`}
        onClick={() => props.onChange({ rule: undefined })}
      >
        only {rule}
      </Button>
    </div>
  );
}

function Outcome(props: {
  readonly run: Run;
  readonly search: BacktestSearch;
  readonly onGoTo: (flaw: Flaw) => void;
}): ReactNode {
  const { run, search } = props;
  switch (run.state) {
    case 'none':
      return <Intro />;
    case 'running':
      return <Progress run={run} />;
    case 'cancelled':
      return <p className="px-3 py-4 text-soft sm:px-5">Cancelled. Nothing of it was kept.</p>;
    case 'failed':
      return <BacktestFailure error={run.error} onGoTo={props.onGoTo} />;
    case 'done':
      return <BacktestResult result={run.result} tookMs={run.tookMs} search={search} />;
  }
}

interface Draft {
  readonly text: string | undefined;
  readonly isChanged: boolean;
  /** A text is asked for that is not there yet. */
  readonly isWaiting: boolean;
  readonly change: (text: string) => void;
  /** Puts a changed text into the address, where it fits. */
  readonly keep: () => Promise<void>;
}

/** What somebody made of the text; forgotten when another text is chosen. */
function useDraft(
  { text, file, ready }: BacktestSearch,
  base: BaseText,
  onPacked: (packed: string) => void,
): Draft {
  const queries = useQueryClient();
  const of = [text, file, ready].join('\0');
  const [edited, setEdited] = useState({ of, text: undefined as string | undefined });
  const mine = edited.of === of ? edited.text : undefined;
  const isChanged = mine !== undefined && mine !== base.text;
  const isAsked = text !== undefined || file !== undefined || ready !== undefined;
  return {
    text: mine ?? base.text,
    isChanged,
    isWaiting: isAsked && mine === undefined && base.text === undefined,
    change: (next) => setEdited({ of, text: next }),
    keep: async () => {
      if (!isChanged) return;
      const packed = await pack(mine);
      if (packed === undefined) return;
      queries.setQueryData(unpackedQuery(packed).queryKey, mine);
      onPacked(packed);
    },
  };
}

function requestOf(
  search: BacktestSearch,
  source: string | undefined,
  name: string,
): BacktestRequest {
  const range = rangeOf(search, Date.now());
  return {
    ...(source !== undefined
      ? { source, name }
      : search.file !== undefined && { file: search.file }),
    ...(range ?? (search.alert !== undefined && { alert: search.alert })),
    ...(search.rule !== undefined && { only: [search.rule] }),
  };
}
