import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useRef } from 'react';
import { Asking } from '../../kit/Asking.tsx';
import { Button } from '../../kit/Button.tsx';
import { Conflict } from '../../kit/Conflict.tsx';
import { Editor, type EditorHandle } from '../../kit/Editor.tsx';
import { FlawList } from '../../kit/FlawList.tsx';
import { useRefusal } from '../../kit/may.ts';
import { ErrorNotice, Notice } from '../../kit/Notice.tsx';
import { UnsavedGuard } from '../../kit/UnsavedGuard.tsx';
import { useLater } from '../../kit/use-later.ts';
import { useHotkeys } from '../../shell/hotkeys.ts';
import { MapFrame } from '../MapFrame.tsx';
import { checkQuery } from './api.ts';
import { EdgeReference } from './EdgeReference.tsx';
import { type Fault, flawsIn, saysOf } from './faults.ts';
import { NoText } from './NoText.tsx';
import { useAsked } from './use-asked.ts';
import { type MapText, useMapText } from './use-map-text.ts';
import { Versions } from './Versions.tsx';

/** The text of the map: checked while it is written, saved so that nobody's change is lost. */
export function SourcePage(): ReactNode {
  const text = useMapText();
  const { found, saved } = text;
  const may = useRefusal('act');
  const refusal =
    may ?? (saved?.writable === false ? 'The server may not write this file' : undefined);
  return (
    <MapFrame title="The map’s file" status={saved && <Status of={text} />}>
      <UnsavedGuard isChanged={text.isChanged} of="the map" />
      <Asking of={found} />
      {saved && saved.text === '' && text.text === '' ? (
        <NoText file={saved.file} because={refusal} onStart={text.change} />
      ) : (
        saved && <Writing of={text} file={nameOf(saved.file)} refusal={refusal} />
      )}
    </MapFrame>
  );
}

function Status({ of }: { readonly of: MapText }): ReactNode {
  const { saved, isChanged, isBehind } = of;
  return (
    <>
      <span className="font-mono text-small wrap-anywhere">{saved?.file}</span>
      <output>
        {isBehind
          ? 'changed here, and meanwhile by somebody else'
          : isChanged
            ? 'changed here, not saved'
            : saved?.text === ''
              ? 'not written yet'
              : 'saved'}
      </output>
    </>
  );
}

interface WritingProps {
  readonly of: MapText;
  /** Without its folder, as faults name it. */
  readonly file: string;
  /** Why it may not be changed here. */
  readonly refusal: string | undefined;
}

function Writing({ of, file, refusal }: WritingProps): ReactNode {
  const editor = useRef<EditorHandle>(null);
  // Who may only look may not ask for a check either; the saved text was checked.
  const asked = useQuery({ ...checkQuery(useLater(of.text)), enabled: refusal === undefined });
  const faults = asked.data?.faults ?? of.saved?.faults ?? [];
  const flaws = flawsIn(faults, file);
  const notDone = useAsked({ of, file, editor, refusal });
  const because = refusal ?? whyNotSave(of, faults);
  useHotkeys({
    'ctrl+s': () => {
      if (because === undefined) of.store();
    },
  });
  return (
    <div className="grid gap-x-6 gap-y-4 px-3 py-3 sm:px-5 xl:grid-cols-[minmax(0,1fr)_21rem]">
      <div className="flex min-w-0 flex-col gap-2">
        {notDone !== undefined && <Notice look="warning">{notDone}</Notice>}
        {refusal !== undefined && (
          <Notice look="plain">{refusal}. It can be read and copied.</Notice>
        )}
        <NotSaved of={of} />
        <Editor
          ref={editor}
          label={refusal === undefined ? `${file}: Ctrl S saves it` : file}
          value={of.text}
          flaws={flaws.filter((flaw) => flaw.file === undefined)}
          isReadOnly={refusal !== undefined}
          isTall
          onChange={of.change}
        />
        <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
          <div className="min-w-0 grow basis-64">
            {refusal === undefined && <Asking of={asked} />}
            <FlawList
              flaws={flaws}
              says={asked.data && saysOf(asked.data)}
              onGoTo={(flaw) => editor.current?.goTo(flaw)}
            />
          </div>
          <Actions of={of} because={because} />
        </div>
      </div>
      <div className="flex min-w-0 flex-col gap-5">
        <EdgeReference />
        <Versions />
      </div>
    </div>
  );
}

const nameOf = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

function whyNotSave({ isChanged }: MapText, faults: readonly Fault[]): string | undefined {
  if (!isChanged) return 'Nothing is changed';
  if (faults.every(({ severity }) => severity === 'warning')) return undefined;
  return 'Mend the faults first: a map with an error is not taken';
}

/** The last attempt to save was refused: because of another change, or for another reason. */
function NotSaved({ of }: { readonly of: MapText }): ReactNode {
  if (of.isConflict)
    return (
      <Conflict
        of="the map"
        mine={of.text}
        theirs={of.saved?.text ?? ''}
        onTakeTheirs={of.drop}
        onSaveMine={() => of.store('what-is-there')}
      />
    );
  return of.save.error && <ErrorNotice error={of.save.error} />;
}

function Actions(props: { readonly of: MapText; readonly because: string | undefined }): ReactNode {
  const { of, because } = props;
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
