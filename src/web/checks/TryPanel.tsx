import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { LintAnswer } from '../../server/api/contract-checks.ts';
import { Button } from '../kit/Button.tsx';
import { Select } from '../kit/Field.tsx';
import { formatDuration } from '../kit/format.ts';
import { useRefusal } from '../kit/may.ts';
import { ErrorNotice, Notice } from '../kit/Notice.tsx';
import { StateMark } from '../kit/StateMark.tsx';
import { checksQuery } from './api.ts';
import { StepList } from './StepList.tsx';
import type { Tried } from './trying.ts';
import { type TryRun, useTry } from './use-try.ts';

interface TryPanelProps {
  readonly file: string;
  /** As it stands in the editor, saved or not. */
  readonly text: string;
  readonly scenarios: LintAnswer['scenarios'];
  /** Why it can not be tried as it is. */
  readonly because: string | undefined;
}

/** Runs what stands in the editor, now and once: nothing of it is saved, and nobody is told. */
export function TryPanel({ file, text, scenarios, because }: TryPanelProps): ReactNode {
  const refusal = useRefusal('act');
  const { data } = useQuery(checksQuery);
  const [chosen, setChosen] = useState('');
  const tries = useTry();
  const { run, start } = tries;
  const { environments = [] } = data ?? {};
  const names = environments.map(({ name }) => name);
  const [first = ''] = names;
  const environment = chosen || first;
  const why = refusal ?? because ?? whyNowhere(environment);
  const asked = { file, text, environment };
  return (
    <section aria-label="Try it now" className="flex min-w-0 flex-col gap-3">
      <div>
        <h2 className="font-semibold">Try it now</h2>
        <p className="text-small text-soft">
          Runs the text as it stands here. Nothing is saved and nobody is told.
        </p>
      </div>
      <div className="flex flex-wrap items-end gap-2">
        <Select
          label="In"
          value={environment}
          options={names.map((name) => [name, name] as const)}
          onChange={setChosen}
          disabled={environment === ''}
          className="min-w-36 grow"
        />
        <TryButton of={tries} because={why} onTry={() => void start(asked)} />
      </div>
      {why !== undefined && <p className="text-small text-soft">{why}.</p>}
      <Single
        of={scenarios}
        because={why ?? (run?.isRunning ? 'It is running' : undefined)}
        onTry={(line) => void start({ ...asked, line })}
      />
      {run && <Outcome of={run} environment={environment} />}
    </section>
  );
}

function TryButton(props: {
  readonly of: ReturnType<typeof useTry>;
  readonly because: string | undefined;
  readonly onTry: () => void;
}): ReactNode {
  const { run, cancel } = props.of;
  if (run?.isRunning)
    return (
      <Button icon="close" onClick={cancel}>
        Cancel
      </Button>
    );
  return (
    <Button look="primary" icon="play" because={props.because} onClick={props.onTry}>
      Try all
    </Button>
  );
}

const whyNowhere = (environment: string): string | undefined =>
  environment === '' ? 'checks.yaml has no environment yet' : undefined;

/** Where there are several, each can be tried by itself. */
function Single(props: {
  readonly of: LintAnswer['scenarios'];
  readonly because: string | undefined;
  readonly onTry: (line: number) => void;
}): ReactNode {
  const { of, because, onTry } = props;
  if (of.length < 2) return null;
  return (
    <ul aria-label="Scenarios" className="flex max-h-56 flex-col overflow-y-auto">
      {of.map(({ name, line }) => (
        <li key={line} className="flex items-center gap-1">
          <Button
            look="quiet"
            icon="play"
            iconOnly
            because={because}
            onClick={() => onTry(line)}
          >{`Try ${name}`}</Button>
          <span className="min-w-0 wrap-anywhere">{name}</span>
        </li>
      ))}
    </ul>
  );
}

function Outcome({ of, environment }: { readonly of: TryRun; readonly environment: string }) {
  const { trial, isRunning, error } = of;
  const isNothing = trial.scenarios.length === 0;
  return (
    <>
      {error !== undefined && <ErrorNotice error={error} />}
      {trial.problem !== null && <Notice look="critical">{trial.problem}</Notice>}
      <div aria-live="polite" className="flex flex-col gap-4">
        {isRunning && isNothing && <p className="breathe text-soft">It begins…</p>}
        {trial.scenarios.map((tried, at) => (
          // oxlint-disable-next-line react/no-array-index-key -- they are only ever added to
          <OneTried key={at} of={tried} isRunning={isRunning} />
        ))}
        {trial.isOver && isNothing && trial.problem === null && (
          <p className="text-soft">No scenario of it is for {environment}.</p>
        )}
      </div>
    </>
  );
}

function OneTried(props: { readonly of: Tried; readonly isRunning: boolean }): ReactNode {
  const { scenario, attempt, steps, end } = props.of;
  const isSilent = steps.every(({ failure }) => failure === null);
  return (
    <div className="flex flex-col gap-1">
      <h3 className="flex flex-wrap items-baseline gap-x-3">
        <span className="font-semibold wrap-anywhere">{scenario}</span>
        <StateMark
          state={end?.state ?? 'running'}
          word={end?.state ?? (props.isRunning ? 'running' : 'not ended')}
        />
        {end && <span className="text-small text-soft">{formatDuration(end.seconds * 1000)}</span>}
        {attempt > 1 && <span className="text-small text-soft">try {attempt}</span>}
      </h3>
      {end && end.state !== 'ok' && isSilent && (
        <p className="text-small wrap-anywhere text-soft">{end.summary}</p>
      )}
      <StepList label={`Steps of ${scenario}`} of={steps} />
    </div>
  );
}
