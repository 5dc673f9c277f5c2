import type { ReactNode } from 'react';
import type {
  ArtefactContract,
  ArtefactKey,
  ArtefactMigration,
  ArtefactNeed,
  DiffParts,
} from '../../../server/api/contract-artefacts.ts';
import { Notice } from '../../kit/Notice.tsx';
import { StateMark } from '../../kit/StateMark.tsx';
import { defaultOf } from '../Contents.tsx';
import { Item, Name, Section, summed } from './Section.tsx';

type Of<Part extends keyof DiffParts> = { readonly part: DiffParts[Part] };

export function MigrationsSection({ part }: Of<'migrations'>): ReactNode {
  const { level, added, removed, changed, back, missed } = part;
  const text = ({ db, id, phase, down, destructive }: ArtefactMigration): ReactNode => (
    <>
      <Name>{`${db} ${id}`}</Name>, {phase}
      {!down && (
        <>
          , <strong className="font-semibold text-warning">irreversible</strong>
        </>
      )}
      {destructive.length > 0 && <span className="text-warning">: {destructive.join('; ')}</span>}
    </>
  );
  const lost = new Set(missed.map(({ db, id }) => `${db} ${id}`));
  return (
    <Section
      name="migrations"
      title="Migrations"
      level={level}
      summary={summed({ added: added.length, removed: removed.length, changed: changed.length })}
      isEmpty={added.length + removed.length + changed.length === 0}
    >
      <ul>
        {changed.map((one) => (
          <Item key={`${one.db} ${one.id}`} of="wrong">
            <Name>{`${one.db} ${one.id}`}</Name> was changed after it was released
          </Item>
        ))}
        {added.map((one) => (
          <Item key={`${one.db} ${one.id}`} of="added">
            {text(one)}
          </Item>
        ))}
        {removed.map((one) => (
          <Item key={`${one.db} ${one.id}`} of="removed">
            {text(one)}
            {lost.has(`${one.db} ${one.id}`) && ', and what it took away is needed again'}
          </Item>
        ))}
      </ul>
      {back.length > 0 && (
        <p className="mt-1 text-soft">
          To take them back, the last one first:{' '}
          {back.map(({ id, by }) => `${id} ${by ?? 'irreversible'}`).join(', ')}. It is never done
          by itself.
        </p>
      )}
    </Section>
  );
}

export function ConfigSection(
  props: Of<'config'> & { readonly unknown: string | null },
): ReactNode {
  const { part, unknown } = props;
  const { level, added, removed, changed, unset, withoutValue, environment } = part;
  const missing = new Set(unset.map(({ name }) => name));
  const bare = new Set(withoutValue.map(({ name }) => name));
  const elsewhere = unset.filter(({ name }) => !added.some((key) => key.name === name));
  const there = (name: string): ReactNode => {
    if (missing.has(name)) return <Unset in={environment} />;
    return bare.has(name) ? `, no value in ${environment}` : null;
  };
  const any = added.length + removed.length + changed.length + unset.length > 0;
  return (
    <Section
      name="config"
      title="Configuration keys"
      level={level}
      summary={summed({ added: added.length, removed: removed.length, changed: changed.length })}
      isEmpty={!any && unknown === null}
    >
      {unknown !== null && (
        <Notice look="warning">Which keys have a value there is not known: {unknown}.</Notice>
      )}
      <ul>
        {elsewhere.map(({ name }) => (
          <Item key={name} of="wrong">
            <Name>{name}</Name>
            <Unset in={environment} />
          </Item>
        ))}
        {added.map((key) => (
          <Item key={key.name} of="added">
            <Name>{key.name}</Name>
            {traitsOf(key)}
            {there(key.name)}
          </Item>
        ))}
        {removed.map(({ name }) => (
          <Item key={name} of="removed">
            <Name>{name}</Name>
          </Item>
        ))}
        {changed.map((one) => (
          <Item key={one.name} of="changed">
            <Name>{one.name}</Name> {one.changes.map((what) => changeOf(one, what)).join(', ')}
          </Item>
        ))}
      </ul>
    </Section>
  );
}

function Unset(props: { readonly in: string | null }): ReactNode {
  return (
    <>
      {' '}
      <strong className="font-semibold text-critical">has no value in {props.in}</strong>: a deploy
      is refused
    </>
  );
}

function traitsOf(key: ArtefactKey): string {
  const traits = [
    ...(key.required ? ['required'] : []),
    ...(key.secret ? ['secret'] : []),
    ...(key.defaultSha === null ? [] : [`default ${defaultOf(key)}`]),
  ];
  return traits.length === 0 ? '' : `, ${traits.join(', ')}`;
}

type Changed = DiffParts['config']['changed'][number];

function changeOf({ before, after }: Changed, what: Changed['changes'][number]): string {
  if (what === 'default') return `${defaultOf(before)} → ${defaultOf(after)}`;
  if (what === 'type') return `type ${before.type ?? 'none'} → ${after.type ?? 'none'}`;
  return `${after[what] ? 'is now' : 'is no longer'} ${what}`;
}

export function DependenciesSection({ part }: Of<'dependencies'>): ReactNode {
  const { level, added, removed, upgraded, downgraded, replaced } = part;
  const reach = (direct: boolean): string => (direct ? '' : ' (of another package)');
  const lines: readonly (readonly [
    key: string,
    of: 'added' | 'removed' | 'changed' | 'wrong',
    ReactNode,
  ])[] = [
    ...replaced.map(
      ({ name, version }) =>
        [
          `replaced ${name} ${version}`,
          'wrong',
          <>
            <Name>{name}</Name> {version} is made of{' '}
            <strong className="font-semibold text-critical">other bytes</strong>
          </>,
        ] as const,
    ),
    ...downgraded.map(
      ({ name, before, after, direct }) =>
        [
          `down ${name}`,
          'changed',
          <>
            <Name>{name}</Name> {before.join(', ')} → {after.join(', ')}{' '}
            <strong className="font-semibold text-warning">downgraded</strong>
            {reach(direct)}
          </>,
        ] as const,
    ),
    ...upgraded.map(
      ({ name, before, after, direct }) =>
        [
          `up ${name}`,
          'changed',
          <>
            <Name>{name}</Name> {before.join(', ')} → {after.join(', ')}
            {reach(direct)}
          </>,
        ] as const,
    ),
    ...removed.map(
      ({ name, version, direct }) =>
        [
          `gone ${name} ${version}`,
          'removed',
          <>
            <Name>{name}</Name> {version}
            {reach(direct)}
          </>,
        ] as const,
    ),
    ...added.map(
      ({ name, version, direct }) =>
        [
          `new ${name} ${version}`,
          'added',
          <>
            <Name>{name}</Name> {version}
            {reach(direct)}
          </>,
        ] as const,
    ),
  ];
  return (
    <Section
      name="dependencies"
      title="Dependencies"
      level={level}
      summary={summed({
        added: added.length,
        removed: removed.length,
        upgraded: upgraded.length,
        downgraded: downgraded.length,
        replaced: replaced.length,
      })}
      isEmpty={lines.length === 0}
    >
      <ul className="max-h-96 overflow-y-auto">
        {lines.map(([key, of, text]) => (
          <Item key={key} of={of}>
            {text}
          </Item>
        ))}
      </ul>
    </Section>
  );
}

const withVersion = ({ name, version }: ArtefactContract | ArtefactNeed): string =>
  version === null ? name : `${name}@${version}`;

export function ContractsSection({ part }: Of<'contracts'>): ReactNode {
  const { level, added, removed, changed } = part;
  return (
    <Section
      name="contracts"
      title="Contracts"
      level={level}
      summary={summed({ added: added.length, removed: removed.length, changed: changed.length })}
      isEmpty={added.length + removed.length + changed.length === 0}
    >
      <ul>
        {removed.map((one) => (
          <Item key={withVersion(one)} of="removed">
            <Name>{withVersion(one)}</Name>{' '}
            <strong className="font-semibold text-critical">is no longer provided</strong>
          </Item>
        ))}
        {added.map((one) => (
          <Item key={withVersion(one)} of="added">
            <Name>{withVersion(one)}</Name>
          </Item>
        ))}
        {changed.map(({ name, before, after }) => (
          <Item key={name} of="changed">
            <Name>{withVersion(before)}</Name> → <Name>{withVersion(after)}</Name>; whether
            consumers break is not known
          </Item>
        ))}
      </ul>
    </Section>
  );
}

export function SmokeSection({ part }: Of<'smoke'>): ReactNode {
  const { level, added, dropped, changed } = part;
  return (
    <Section
      name="smoke"
      title="Smoke scenarios"
      level={level}
      summary={summed({ added: added.length, dropped: dropped.length, changed: changed.length })}
      isEmpty={added.length + dropped.length + changed.length === 0}
    >
      <ul>
        {dropped.map(({ scenario, feature }) => (
          <Item key={scenario} of="removed">
            <strong className="font-semibold text-critical">dropped</strong> {scenario}{' '}
            <span className="text-small text-soft">{feature}</span>
          </Item>
        ))}
        {added.map(({ scenario }) => (
          <Item key={scenario} of="added">
            {scenario}
          </Item>
        ))}
        {changed.map(({ scenario }) => (
          <Item key={scenario} of="changed">
            {scenario}
          </Item>
        ))}
      </ul>
    </Section>
  );
}

export function NeedsSection({ part }: Of<'needs'>): ReactNode {
  const { level, gained, lost, changed } = part;
  const how = ({ soft }: ArtefactNeed): ReactNode =>
    soft ? (
      'can do without it'
    ) : (
      <span className="inline-flex align-baseline">
        <StateMark state="warning" word="hard" />
      </span>
    );
  return (
    <Section
      name="needs"
      title="Needs"
      level={level}
      summary={summed({ gained: gained.length, lost: lost.length, changed: changed.length })}
      isEmpty={gained.length + lost.length + changed.length === 0}
    >
      <ul>
        {gained.map((one) => (
          <Item key={one.name} of="added">
            <Name>{withVersion(one)}</Name> {how(one)}
          </Item>
        ))}
        {lost.map((one) => (
          <Item key={one.name} of="removed">
            <Name>{withVersion(one)}</Name>
          </Item>
        ))}
        {changed.map(({ name, before, after }) => (
          <Item key={name} of="changed">
            <Name>{withVersion(before)}</Name> → <Name>{withVersion(after)}</Name> {how(after)}
          </Item>
        ))}
      </ul>
    </Section>
  );
}
