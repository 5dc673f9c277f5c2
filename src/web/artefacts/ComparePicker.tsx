import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Button } from '../kit/Button.tsx';
import { Combobox } from '../kit/Combobox.tsx';

interface ComparePickerProps {
  readonly app: string;
  readonly versions: readonly string[];
  readonly environments: readonly string[];
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly environment?: string | undefined;
}

/** Chooses any two versions, and the environment to which the second goes. */
export function ComparePicker(props: ComparePickerProps): ReactNode {
  const { app, versions, environments } = props;
  const navigate = useNavigate();
  const [from, setFrom] = useState(props.from ?? versions[1] ?? '');
  const [to, setTo] = useState(props.to ?? versions[0] ?? '');
  const [environment, setEnvironment] = useState(props.environment ?? anyWhere);
  const go = (next: Partial<Record<'from' | 'to' | 'env', string>>): void => {
    const env = next.env ?? environment;
    const search = {
      from: next.from ?? from,
      to: next.to ?? to,
      ...(env !== anyWhere && { env }),
    };
    if (search.from !== '' && search.to !== '')
      void navigate({ to: '/releases/$app/diff', params: { app }, search });
  };
  const isOpen = props.from !== undefined;
  const choose =
    (side: 'from' | 'to') =>
    (value: string): void => {
      (side === 'from' ? setFrom : setTo)(value);
      // On the page of the comparison a choice takes effect at once.
      if (isOpen) go({ [side]: value });
    };
  const options = versions.map((value) => ({ value }));
  const swap = (): void => {
    setFrom(to);
    setTo(from);
    if (isOpen) go({ from: to, to: from });
  };
  return (
    // No form: Enter chooses in a field, and does not go on with what stands in the others.
    <fieldset className="flex flex-wrap items-end gap-x-2 gap-y-2">
      <legend className="sr-only">Compare two versions</legend>
      <Combobox
        label="From"
        value={from}
        options={options}
        onChoose={choose('from')}
        none="No such version is here"
        className="w-full sm:w-52"
      />
      <Button title="The one takes the place of the other" onClick={swap}>
        Swap
      </Button>
      <Combobox
        label="To"
        value={to}
        options={options}
        onChoose={choose('to')}
        none="No such version is here"
        className="min-w-0 grow sm:w-52 sm:grow-0"
      />
      <Combobox
        label="In"
        value={environment}
        options={[anyWhere, ...environments].map((value) => ({ value }))}
        onChoose={(env) => {
          setEnvironment(env === '' ? anyWhere : env);
          if (isOpen) go({ env: env === '' ? anyWhere : env });
        }}
        none="Type the name of an environment"
        className="w-full sm:w-44"
      />
      {!isOpen && (
        <Button
          look="primary"
          onClick={() => go({})}
          because={from === '' || to === '' ? 'Choose two versions' : undefined}
        >
          Compare
        </Button>
      )}
    </fieldset>
  );
}

const anyWhere = 'no environment';
