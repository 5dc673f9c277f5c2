import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { Static } from 'typebox';
import type { FeatureRow } from '../../server/api/contract-checks.ts';
import { Asking } from '../kit/Asking.tsx';
import { Button } from '../kit/Button.tsx';
import { CardTable } from '../kit/CardTable.tsx';
import { Dialog } from '../kit/Dialog.tsx';
import { Field } from '../kit/Field.tsx';
import { counted } from '../kit/format.ts';
import { useRefusal } from '../kit/may.ts';
import { Scrollable } from '../kit/Scrollable.tsx';
import { StateMark } from '../kit/StateMark.tsx';
import { AgeText } from '../kit/TimeText.tsx';
import { calmStaleAfterMs, featuresQuery } from './api.ts';
import { ChecksFrame } from './ChecksFrame.tsx';
import { NoChecks } from './NoChecks.tsx';

type Row = Static<typeof FeatureRow>;

/** The files of features: those of the folder, and those that are edited here. */
export function FeaturesPage(): ReactNode {
  const found = useQuery(featuresQuery);
  const refusal = useRefusal('act');
  const [isNew, setNew] = useState(false);
  const features = found.data?.features ?? [];
  return (
    <ChecksFrame
      title="Features"
      status={features.length > 0 && <span>{counted(features.length, 'file')}</span>}
      actions={
        <Button because={refusal} onClick={() => setNew(true)}>
          New feature…
        </Button>
      }
    >
      <Scrollable label="Features" className="min-h-0 grow overflow-y-auto">
        <Asking of={found} staleAfterMs={calmStaleAfterMs} />
        {found.data && features.length === 0 && <NoChecks />}
        {features.length > 0 && <FeatureTable of={features} />}
      </Scrollable>
      {isNew && <NewFeature known={features} onClose={() => setNew(false)} />}
    </ChecksFrame>
  );
}

const heads = [
  ['File', ''],
  ['Feature', ''],
  ['Lint', ''],
  ['Scenarios', 'number'],
  ['Kept', ''],
  ['Changed', ''],
] as const;

function FeatureTable({ of }: { readonly of: readonly Row[] }): ReactNode {
  return (
    <CardTable label="Features" heads={heads}>
      {of.map(({ file, name, findings, scenarios, origin, by, at }) => (
        <tr key={file} className="border-b border-line/60 hover:bg-sunken">
          <th scope="row" className="text-left font-normal">
            <Link
              to="/checks/feature"
              search={{ file }}
              className="inline-block py-1 font-mono font-semibold wrap-anywhere underline decoration-line-strong decoration-1 underline-offset-3 hover:decoration-2 sm:py-0"
            >
              {file}
            </Link>
          </th>
          <td data-name="Feature" className="named wrap-anywhere">
            {name}
          </td>
          <td data-name="Lint" className="named">
            <StateMark
              state={findings === 0 ? 'ok' : 'critical'}
              word={findings === 0 ? 'no fault' : counted(findings, 'fault')}
            />
          </td>
          <td data-name="Scenarios" className="number">
            {scenarios}
          </td>
          <td data-name="Kept" className="named">
            {origin === 'folder' ? 'in the folder' : 'here'}
          </td>
          <td data-name="Changed" className="named">
            {at === null ? '–' : <AgeText at={at} />}
            {by !== null && <span className="text-soft"> by {by}</span>}
          </td>
        </tr>
      ))}
    </CardTable>
  );
}

function NewFeature(props: {
  readonly known: readonly Row[];
  readonly onClose: () => void;
}): ReactNode {
  const { known, onClose } = props;
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const file = /\.feature(\.md)?$/.test(name.trim()) ? name.trim() : `${name.trim()}.feature`;
  const because =
    name.trim() === ''
      ? 'Give it a name'
      : known.some((one) => one.file === file)
        ? 'There is a feature of that name'
        : undefined;
  return (
    <Dialog title="A new feature" onClose={onClose}>
      <form
        className="flex flex-col gap-4 p-4"
        onSubmit={(e) => {
          e.preventDefault();
          if (because === undefined) void navigate({ to: '/checks/feature', search: { file } });
        }}
      >
        <Field
          label="File"
          data-focus-first
          value={name}
          onChange={setName}
          maxLength={290}
          placeholder="shop/checkout.feature"
          hint="Folders by slashes. Nothing is saved before you say so."
        />
        <div className="flex flex-wrap justify-end gap-2">
          <Button isBig onClick={onClose}>
            Cancel
          </Button>
          <Button isBig look="primary" type="submit" because={because}>
            Write it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
