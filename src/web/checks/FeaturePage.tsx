import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { type ReactNode, useEffect, useEffectEvent, useRef } from 'react';
import type { FeatureFinding, LintAnswer } from '../../server/api/contract-checks.ts';
import { Asking } from '../kit/Asking.tsx';
import { Button } from '../kit/Button.tsx';
import { Conflict } from '../kit/Conflict.tsx';
import { Editor, type EditorHandle, type Flaw } from '../kit/Editor.tsx';
import { FlawList } from '../kit/FlawList.tsx';
import { counted } from '../kit/format.ts';
import { useRefusal } from '../kit/may.ts';
import { ErrorNotice, Notice } from '../kit/Notice.tsx';
import { Page } from '../kit/Page.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { UnsavedGuard } from '../kit/UnsavedGuard.tsx';
import { useLater } from '../kit/use-later.ts';
import { useHotkeys } from '../shell/hotkeys.ts';
import { lintQuery, stepsQuery } from './api.ts';
import { completeFeature } from './complete.ts';
import { firstFeature } from './first-feature.ts';
import { TakeAway } from './TakeAway.tsx';
import { TryPanel } from './TryPanel.tsx';
import { type FeatureText, useFeatureText } from './use-feature-text.ts';

/** One feature: written with completion and lint, tried as it stands, saved so that nobody's change is lost. */
export function FeaturePage(): ReactNode {
  const { file = '' } = useSearch({ from: '/inside/checks/feature' });
  return <OneFeature key={file} file={file} />;
}

function OneFeature({ file }: { readonly file: string }): ReactNode {
  const text = useFeatureText(file);
  const { found, saved, isNew } = text;
  const may = useRefusal('act');
  const refusal =
    may ??
    (saved?.origin === 'folder'
      ? 'It stands in the folder of features and is changed there'
      : undefined);
  return (
    <Page
      title={file}
      above={
        <Link to="/checks/features" className="inline-block py-2 text-accent underline sm:py-0.5">
          Features
        </Link>
      }
      status={(saved ?? isNew) && <output>{standing(text)}</output>}
      actions={saved?.origin === 'here' && <TakeAway of={saved} because={refusal} />}
    >
      <Scrollable label="Feature" className="min-h-0 grow overflow-y-auto border-t border-line">
        <UnsavedGuard isChanged={text.isChanged} of="the feature" />
        {!isNew && <Asking of={found} />}
        {(saved ?? isNew) && <Writing of={text} file={file} refusal={refusal} />}
      </Scrollable>
    </Page>
  );
}

function standing({ isChanged, isBehind, isNew, saved }: FeatureText): string {
  if (isBehind) return 'changed here, and meanwhile by somebody else';
  if (isChanged) return 'changed here, not saved';
  if (isNew) return 'not written yet';
  return saved?.origin === 'folder' ? 'from the folder' : 'saved';
}

interface WritingProps {
  readonly of: FeatureText;
  readonly file: string;
  /** Why it may not be changed here. */
  readonly refusal: string | undefined;
}

function Writing({ of, file, refusal }: WritingProps): ReactNode {
  const editor = useRef<EditorHandle>(null);
  const { line } = useSearch({ from: '/inside/checks/feature' });
  const lint = useLint(of, file);
  const steps = useQuery(stepsQuery);
  const goTo = useEffectEvent((flaw: Flaw) => editor.current?.goTo(flaw));
  useEffect(() => {
    if (Number(line) >= 1) goTo({ line: Number(line), column: 1, message: '' });
  }, [line]);
  const isEditable = refusal === undefined;
  return (
    <div className="grid gap-x-6 gap-y-6 px-3 py-3 sm:px-5 xl:grid-cols-[minmax(0,1fr)_26rem]">
      <div className="flex min-w-0 flex-col gap-2">
        {!isEditable && (
          <Notice look="plain">{refusal}. It can be read, copied and tried here.</Notice>
        )}
        <NotSaved of={of} />
        {of.text === '' && isEditable && (
          <div>
            <Button onClick={() => of.change(firstFeature)}>Start with an example</Button>
          </div>
        )}
        <Editor
          ref={editor}
          label={isEditable ? `${file}: Ctrl S saves, Ctrl Space completes` : file}
          value={of.text}
          flaws={lint.flaws.filter((flaw) => flaw.file === undefined)}
          isReadOnly={!isEditable}
          isTall
          complete={(before, behind, text) => completeFeature(steps.data, before, [behind, text])}
          onChange={of.change}
        />
        <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
          <div className="min-w-0 grow basis-64">
            <Linted of={lint} onGoTo={(flaw) => editor.current?.goTo(flaw)} />
          </div>
          {isEditable && <Actions of={of} flaws={lint.flaws} />}
        </div>
      </div>
      <div className="flex min-w-0 flex-col gap-6">
        <TryPanel
          file={file}
          text={of.text}
          scenarios={lint.scenarios}
          because={whyNotTry(of.text, lint)}
        />
        <p className="text-small text-soft">
          Every step and tag, with examples:{' '}
          <Link to="/checks/steps" className="text-accent underline">
            Steps
          </Link>
        </p>
      </div>
    </div>
  );
}

type FlawOf = Flaw & { readonly file?: string };

interface Lint {
  readonly flaws: readonly FlawOf[];
  readonly scenarios: LintAnswer['scenarios'];
  /** The text as it is now was looked at. */
  readonly isChecked: boolean;
  readonly error: Error | null;
}

/** What is wrong with the text, asked for when nobody has typed for a moment. */
function useLint({ text, saved }: FeatureText, file: string): Lint {
  const later = useLater(text);
  const { data, error, isPlaceholderData } = useQuery({
    ...lintQuery(file, later),
    enabled: later !== '',
  });
  const findings = data?.findings ?? saved?.findingsList ?? [];
  return {
    flaws: later === '' ? [] : flawsOf(findings, file),
    scenarios: later === '' ? [] : (data?.scenarios ?? []),
    isChecked: later === text && data !== undefined && !isPlaceholderData,
    error,
  };
}

function Linted(props: { readonly of: Lint; readonly onGoTo: (flaw: Flaw) => void }): ReactNode {
  const { flaws, scenarios, error } = props.of;
  if (error) return <ErrorNotice error={error} />;
  if (flaws.length === 0 && scenarios.length === 0) return null;
  return (
    <FlawList flaws={flaws} says={counted(scenarios.length, 'scenario')} onGoTo={props.onGoTo} />
  );
}

function Actions(props: { readonly of: FeatureText; readonly flaws: readonly Flaw[] }): ReactNode {
  const { of } = props;
  const because = whyNotSave(of, props.flaws);
  useHotkeys({
    'ctrl+s': () => {
      if (because === undefined) of.store();
    },
  });
  return (
    <div className="flex gap-2">
      {of.isChanged && (
        <Button isBig onClick={of.drop}>
          Undo all
        </Button>
      )}
      <Button look="primary" isBig because={because} onClick={() => of.store()}>
        {of.save.isPending ? 'Saving…' : 'Save'}
      </Button>
    </div>
  );
}

/** A fault of another file (a file of own steps) names it. */
const flawsOf = (findings: readonly FeatureFinding[], file: string): FlawOf[] =>
  findings.map(({ file: of, ...flaw }) => ({ ...flaw, ...(of !== file && { file: of }) }));

function whyNotSave({ isChanged, text }: FeatureText, flaws: readonly Flaw[]): string | undefined {
  if (!isChanged) return 'Nothing is changed';
  if (text.trim() === '') return 'An empty feature is taken away by the button above';
  return flaws.length > 0 ? 'Mend the faults first: a feature with a fault is not run' : undefined;
}

function whyNotTry(text: string, { flaws, isChecked }: Lint): string | undefined {
  if (text.trim() === '') return 'There is nothing to try';
  if (flaws.length > 0) return 'Mend the faults first';
  return isChecked ? undefined : 'It is being looked at';
}

/** The last attempt to save was refused: because of another change, or for another reason. */
function NotSaved({ of }: { readonly of: FeatureText }): ReactNode {
  if (of.isConflict)
    return (
      <Conflict
        of="the feature"
        mine={of.text}
        theirs={of.saved?.text ?? ''}
        onTakeTheirs={of.drop}
        onSaveMine={() => of.store('what-is-there')}
      />
    );
  return of.save.error && <ErrorNotice error={of.save.error} />;
}
