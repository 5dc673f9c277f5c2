import type { Migration, Release } from '../artefact/release.ts';
import { type CommitFacts, type CommitsPart, diffCommits } from './commits.ts';
import { type ConfigPart, type Target, diffConfig } from './config.ts';
import { type DependenciesPart, diffDependencies } from './dependencies.ts';
import { type Level, highest } from './level.ts';
import { type MigrationsPart, diffMigrations } from './migrations.ts';
import {
  type ContractsPart,
  type FilesPart,
  type NeedsPart,
  type SmokePart,
  diffContracts,
  diffFiles,
  diffNeeds,
  diffSmoke,
} from './plain-parts.ts';

/** Something that a person has to see; an error means that it can not be deployed like that. */
export interface Notice {
  readonly severity: 'error' | 'warning';
  readonly part: PartName;
  readonly message: string;
}

/** The eight parts of a diff. */
export interface Parts {
  readonly commits: CommitsPart;
  readonly files: FilesPart;
  readonly migrations: MigrationsPart;
  readonly config: ConfigPart;
  readonly dependencies: DependenciesPart;
  readonly contracts: ContractsPart;
  readonly smoke: SmokePart;
  readonly needs: NeedsPart;
}
export type PartName = keyof Parts;

/** What changes when B takes the place of A. */
export interface ReleaseDiff {
  readonly app: string;
  readonly from: Side;
  readonly to: Side;
  readonly level: Level;
  /** Commits of A that B does not have: this deploy takes them away. Null when not known. */
  readonly removesCommits: number | null;
  readonly notices: readonly Notice[];
  readonly parts: Parts;
}

interface Side {
  readonly version: string;
  readonly digest: string;
  readonly commit: string;
}

/** What is known beside the two releases. */
export interface Beside {
  /** Left out when there is no repository to ask. */
  readonly commits?: CommitFacts | undefined;
  /** The environment that B is to go to, with the names of the keys that have a value there. */
  readonly target?: Target | undefined;
}

/** Compares two releases of an application; pure. */
export function diffReleases(a: Release, b: Release, beside: Beside = {}): ReleaseDiff {
  const parts: Parts = {
    commits: diffCommits(beside.commits),
    files: diffFiles(a.files, b.files),
    migrations: diffMigrations(a.migrations, b.migrations),
    config: diffConfig(a.config.keys, b.config.keys, beside.target),
    dependencies: diffDependencies(a.dependencies, b.dependencies),
    contracts: diffContracts(a.contracts, b.contracts),
    smoke: diffSmoke(a.smoke, b.smoke),
    needs: diffNeeds(a.needs, b.needs),
  };
  return {
    app: b.app,
    from: { version: a.version, digest: a.digest, commit: a.source.commit },
    to: { version: b.version, digest: b.digest, commit: b.source.commit },
    level: highest(Object.values(parts).map(({ level }) => level)),
    removesCommits: parts.commits.removed?.length ?? null,
    notices: noticesOf(parts, beside.target),
    parts,
  };
}

function noticesOf(parts: Parts, target: Target | undefined): Notice[] {
  const { commits, migrations, config, contracts, smoke, needs } = parts;
  const removed = commits.removed?.length ?? 0;
  const warn = (part: PartName, message: string): Notice => ({
    severity: 'warning',
    part,
    message,
  });
  const error = (part: PartName, message: string): Notice => ({ severity: 'error', part, message });
  return [
    ...(removed > 0
      ? [warn('commits', `this deploy removes ${removed} ${removed === 1 ? 'commit' : 'commits'}`)]
      : []),
    ...migrations.changed.map(({ db, id }) =>
      error('migrations', `${db}: migration ${id} was changed after it was released`),
    ),
    ...migrations.gaps.map(({ db, id, other, kind }) =>
      warn(
        'migrations',
        kind === 'before'
          ? `${db}: ${id} is new, but comes before ${other}, which has been released`
          : `${db}: numbers are missing between ${other} and ${id}`,
      ),
    ),
    ...migrations.missed.map(({ db, id }) =>
      error(
        'migrations',
        `${db}: ${id} is a contract migration that the older release does not have: what it took away, that release needs`,
      ),
    ),
    ...migrations.added
      .filter(isOneWay)
      .map(({ db, id }) => warn('migrations', `${db}: ${id} is irreversible`)),
    ...config.unset.map(({ name }) =>
      error('config', `${name} is required and has no value in ${target?.environment ?? ''}`),
    ),
    ...contracts.removed.map(({ name, version }) =>
      error('contracts', `${name}${version === null ? '' : `@${version}`} is no longer provided`),
    ),
    ...smoke.dropped.map(({ scenario, feature }) =>
      warn('smoke', `the scenario "${scenario}" is dropped (${feature})`),
    ),
    ...needs.gained
      .filter(({ soft }) => !soft)
      .map(({ name }) => warn('needs', `gains a hard dependency on ${name}`)),
    ...needs.changed
      .filter(({ before, after }) => before.soft && !after.soft)
      .map(({ name }) => warn('needs', `its dependency on ${name} becomes a hard one`)),
  ];
}

const isOneWay = ({ down, destructive }: Migration): boolean => !down || destructive.length > 0;
