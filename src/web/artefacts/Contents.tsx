import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type {
  Artefact,
  ArtefactContract,
  ArtefactDependency,
  ArtefactKey,
  ArtefactMigration,
  ArtefactNeed,
  ArtefactScenario,
} from '../../server/api/contract-artefacts.ts';
import { formatDuration } from '../kit/format.ts';
import { StateMark } from '../kit/StateMark.tsx';
import { type Column, Table } from '../kit/Table.tsx';
import type { PartName } from './part-tabs.ts';

/** What a release says of one of its parts. */
export function Contents(props: {
  readonly of: Artefact;
  readonly part: Exclude<PartName, 'files'>;
}): ReactNode {
  const { of, part } = props;
  return <div className="px-3 py-3 sm:px-5">{tables[part](of)}</div>;
}

const code = (text: string): ReactNode => (
  <code className="font-mono text-small wrap-anywhere">{text}</code>
);
const none = <span className="text-faint">–</span>;

const migrationColumns: readonly Column<ArtefactMigration>[] = [
  { head: 'Database', cell: ({ db }) => db },
  { head: 'Migration', cell: ({ id }) => code(id) },
  {
    head: 'Phase',
    means: 'expand adds, and older code still works; contract takes away',
    cell: ({ phase }) => <StateMark state={phase === 'expand' ? 'ok' : 'warning'} word={phase} />,
  },
  {
    head: 'Way back',
    cell: ({ down }) => (down ? 'down' : <StateMark state="warning" word="irreversible" />),
  },
  {
    head: 'Loses',
    means: 'Statements that lose data or shape',
    cell: ({ destructive }) =>
      destructive.length === 0 ? (
        none
      ) : (
        <span className="text-warning">{destructive.join('; ')}</span>
      ),
  },
];

const keyColumns: readonly Column<ArtefactKey>[] = [
  { head: 'Key', cell: ({ name }) => code(name) },
  {
    head: 'Needs a value',
    cell: ({ required, defaultSha }) =>
      required && defaultSha === null ? (
        <span className="font-semibold">required</span>
      ) : (
        <span className="text-soft">no</span>
      ),
  },
  { head: 'Default', cell: (key) => (key.defaultSha === null ? none : code(defaultOf(key))) },
  { head: 'Type', cell: ({ type, secret }) => (secret ? 'secret' : (type ?? none)) },
  { head: 'Description', cell: ({ description }) => description ?? none },
];

/** Of a secret only that there is one, by its fingerprint. */
export const defaultOf = ({ default: value, defaultSha }: ArtefactKey): string =>
  value ?? (defaultSha === null ? 'none' : `(${defaultSha.slice(0, 8)}…)`);

const dependencyColumns: readonly Column<ArtefactDependency>[] = [
  { head: 'Package', cell: ({ name }) => code(name) },
  { head: 'Version', cell: ({ version }) => code(version) },
  {
    head: 'Named by',
    cell: ({ direct }) =>
      direct ? 'the application' : <span className="text-soft">another package</span>,
  },
];

const contractColumns: readonly Column<ArtefactContract>[] = [
  { head: 'Contract', cell: ({ name }) => code(name) },
  { head: 'Version', cell: ({ version }) => version ?? none },
  { head: 'File', cell: ({ file }) => (file === null ? 'only named' : code(file)) },
];

const smokeColumns: readonly Column<ArtefactScenario>[] = [
  { head: 'Scenario', cell: ({ scenario }) => scenario },
  { head: 'Feature', cell: ({ feature }) => code(feature) },
];

const needColumns: readonly Column<ArtefactNeed>[] = [
  { head: 'Needs', cell: ({ name }) => code(name) },
  { head: 'Version', cell: ({ version }) => version ?? none },
  {
    head: 'How',
    cell: ({ soft }) => (soft ? 'can do without it' : <span className="font-semibold">hard</span>),
  },
];

const tables: Readonly<Record<Exclude<PartName, 'files'>, (of: Artefact) => ReactNode>> = {
  migrations: (of) => (
    <Table
      label="Migrations"
      columns={migrationColumns}
      rows={of.migrations}
      keyOf={({ db, id }) => `${db} ${id}`}
      none="It has no migration."
    />
  ),
  config: (of) => (
    <Table
      label="Configuration keys"
      columns={keyColumns}
      rows={of.config.keys}
      keyOf={({ name }) => name}
      none="It declares no configuration key."
    />
  ),
  dependencies: (of) => (
    <Table
      label="Dependencies"
      columns={dependencyColumns}
      rows={of.dependencies}
      keyOf={({ name, version }) => `${name} ${version}`}
      none="No package-lock.json says what it depends on."
    />
  ),
  contracts: (of) => (
    <Table
      label="Contracts"
      columns={contractColumns}
      rows={of.contracts}
      keyOf={({ name, version, file }) => `${name} ${version} ${file}`}
      none="It provides no API."
    />
  ),
  smoke: (of) => (
    <Table
      label="Smoke scenarios"
      columns={smokeColumns}
      rows={of.smoke}
      keyOf={({ scenario, feature }) => `${feature} ${scenario}`}
      none="No scenario gates it."
    />
  ),
  needs: (of) => (
    <Table
      label="Needs"
      columns={needColumns}
      rows={of.needs}
      keyOf={({ name }) => name}
      none="It says that it needs nothing."
    />
  ),
  delivery: (of) => <DeliveryList of={of} />,
};

function DeliveryList({ of: { delivery, app, version } }: { readonly of: Artefact }): ReactNode {
  if (!delivery)
    return (
      <p className="py-2 text-soft">
        It was built before releases said how they are brought to run: it can be looked into, and
        not be deployed from here. Build the commit again with a new tag.
      </p>
    );
  const { strategy, health, promote, windows, databases } = delivery;
  const seconds = (value: number | null): string =>
    value === null ? 'not at all' : formatDuration(value * 1000);
  const rows: readonly (readonly [string, ReactNode])[] = [
    ['Type', delivery.type],
    ['Started by', delivery.start === null ? none : code(delivery.start)],
    ['Port', delivery.port ?? none],
    ['Ready', health.ready === null ? none : code(health.ready)],
    ['Says its version', health.version === null ? none : code(health.version)],
    ['Owner', delivery.owner ?? none],
    ['Strategy', strategy.kind],
    ['Watched after', seconds(strategy.settle)],
    ['Old ones drain', seconds(strategy.drain)],
    ['Old ones kept', seconds(strategy.keepOld)],
    ['Environments', promote.order.length === 0 ? none : promote.order.join(' → ')],
    ['By themselves', promote.auto.length === 0 ? none : promote.auto.join(', ')],
    [
      'Windows',
      windows.length === 0
        ? none
        : windows.map(({ kind, when, tz }) => `${kind} ${when} (${tz})`).join('; '),
    ],
    ['Databases', databases.length === 0 ? none : databases.map(({ name }) => name).join(', ')],
  ];
  return (
    <>
      <dl className="grid gap-x-6 gap-y-1 sm:grid-cols-[9rem_minmax(0,1fr)]">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-faint">{name}</dt>
            <dd className="mb-1 wrap-anywhere sm:mb-0">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-3 text-soft">
        From{' '}
        <Link
          to="/releases/$app/artefacts/$version"
          params={{ app, version }}
          search={{ path: 'territory.yaml' }}
          className="text-accent underline"
        >
          territory.yaml
        </Link>
      </p>
    </>
  );
}
