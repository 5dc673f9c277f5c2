import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useDeferredValue, useState } from 'react';
import type { PreviewAnswer } from '../../server/api/contract-webhooks.ts';
import { Editor } from '../kit/Editor.tsx';
import { Select } from '../kit/Field.tsx';
import { counted, formatTime } from '../kit/format.ts';
import { ErrorNotice } from '../kit/Notice.tsx';
import { useZone } from '../kit/preferences.ts';
import { Scrollable } from '../kit/Scrollable.tsx';
import { previewQuery, recentBodiesQuery } from './api.ts';
import { firstBody } from './webhook-kinds.ts';

interface MappingTrialProps {
  readonly mapping: string;
  readonly onMapping: (mapping: string) => void;
  /** Of a webhook that is there: its last bodies can be tried. */
  readonly name?: string;
}

/** A mapping and a body side by side with what comes of them, as they are written. */
export function MappingTrial({ mapping, onMapping, name }: MappingTrialProps): ReactNode {
  const [body, setBody] = useState(firstBody);
  const asked = useDeferredValue({ kind: 'generic' as const, mapping, body });
  const found = useQuery(previewQuery(asked));
  const errors = found.data?.errors ?? [];
  const flawsIn = (of: 'mapping' | 'body') =>
    errors
      .filter((one) => one.in === of)
      .map(({ line = 1, column = 1, message }) => ({ line, column, message }));
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4 lg:grid-cols-2">
      <Editor
        label="Mapping, YAML"
        value={mapping}
        flaws={flawsIn('mapping')}
        onChange={onMapping}
      />
      <div className="min-w-0">
        {name !== undefined && <Recent name={name} onChoose={setBody} />}
        <Editor
          label="A body to try it on"
          value={body}
          flaws={flawsIn('body')}
          onChange={setBody}
        />
      </div>
      <div className="min-w-0 lg:col-span-2">
        {found.error && <ErrorNotice error={found.error} />}
        {found.data && <Made answer={found.data} />}
      </div>
    </div>
  );
}

function Made({ answer }: { readonly answer: PreviewAnswer }): ReactNode {
  const { events, count, errors } = answer;
  return (
    <>
      <output className="label">
        {errors.length > 0
          ? `${counted(errors.length, 'fault')}${count > 0 ? `, ${counted(count, 'event')}` : ''}`
          : `Becomes ${counted(count, 'event')}`}
      </output>
      <ul className="my-1">
        {errors.map((one) => (
          <li
            key={`${one.in} ${one.line} ${one.column} ${one.message}`}
            className="wrap-anywhere text-critical"
          >
            {one.in}
            {one.line !== undefined && ` ${one.line}:${one.column ?? 1}`}: {one.message}
          </li>
        ))}
      </ul>
      {events.length > 0 && (
        <Scrollable
          label="What comes of it"
          className="max-h-96 overflow-auto rounded-normal border border-line bg-sunken p-3 font-mono text-small"
        >
          <pre>{events.map((event) => JSON.stringify(event, null, 2)).join('\n')}</pre>
        </Scrollable>
      )}
    </>
  );
}

function Recent(props: {
  readonly name: string;
  readonly onChoose: (body: string) => void;
}): ReactNode {
  const found = useQuery(recentBodiesQuery(props.name));
  const zone = useZone();
  const bodies = found.data?.bodies ?? [];
  const [chosen, setChosen] = useState('');
  if (bodies.length === 0)
    return <p className="mb-2 text-small text-faint">Nothing has come to this address yet.</p>;
  return (
    <Select
      label="Bodies that came"
      className="mb-2"
      value={chosen}
      options={[
        ['', 'Choose one…'],
        ...bodies.map(
          ({ time, bytes }, i) => [String(i), `${formatTime(time, zone)}, ${bytes} bytes`] as const,
        ),
      ]}
      onChange={(next) => {
        setChosen(next);
        const body = bodies[Number(next)]?.body;
        if (next !== '' && body !== undefined) props.onChoose(pretty(body));
      }}
    />
  );
}

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
