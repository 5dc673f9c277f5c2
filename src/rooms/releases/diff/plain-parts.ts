import type { Contract, Need, ReleaseFile, Scenario } from '../artefact/release.ts';
import { compareLists } from './compare-lists.ts';
import type { Level } from './level.ts';

/** Files as the server gets them. */
export interface FilesPart {
  readonly level: Level;
  readonly added: readonly ReleaseFile[];
  readonly deleted: readonly ReleaseFile[];
  readonly modified: readonly {
    readonly path: string;
    readonly before: ReleaseFile;
    readonly after: ReleaseFile;
  }[];
}

/** APIs that are provided. */
export interface ContractsPart {
  readonly level: Level;
  readonly added: readonly Contract[];
  readonly removed: readonly Contract[];
  readonly changed: readonly {
    readonly name: string;
    readonly before: Contract;
    readonly after: Contract;
  }[];
  /** Whether consumers break is not looked at yet. */
  readonly breaking: 'unknown';
}

/** Scenarios that gate a release and are checked ever after. */
export interface SmokePart {
  readonly level: Level;
  readonly added: readonly Scenario[];
  readonly dropped: readonly Scenario[];
  readonly changed: readonly Scenario[];
}

/** What the application needs: the edges of the map. */
export interface NeedsPart {
  readonly level: Level;
  readonly gained: readonly Need[];
  readonly lost: readonly Need[];
  /** Of which the version, or whether it is hard, is another. */
  readonly changed: readonly {
    readonly name: string;
    readonly before: Need;
    readonly after: Need;
  }[];
}

/** By path; modified also when only the mode is another. */
export function diffFiles(a: readonly ReleaseFile[], b: readonly ReleaseFile[]): FilesPart {
  const { added, removed, both } = compareLists(a, b, ({ path }) => path);
  const modified = both
    .filter(([before, after]) => before.sha256 !== after.sha256 || before.mode !== after.mode)
    .map(([before, after]) => ({ path: after.path, before, after }));
  const any = added.length + removed.length + modified.length > 0;
  return { level: any ? 'code' : 'none', added, deleted: removed, modified };
}

/** By name where there is a file, else by name and version. */
export function diffContracts(a: readonly Contract[], b: readonly Contract[]): ContractsPart {
  const key = ({ name, version, file }: Contract): string =>
    JSON.stringify([name, file === null ? version : '']);
  const { added, removed, both } = compareLists(a, b, key);
  const changed = both
    .filter(([before, after]) => before.sha256 !== after.sha256 || before.version !== after.version)
    .map(([before, after]) => ({ name: after.name, before, after }));
  const any = added.length + changed.length > 0;
  const level = removed.length > 0 ? 'incompatible' : any ? 'code' : 'none';
  return { level, added, removed, changed, breaking: 'unknown' };
}

/** By name alone: a scenario that moved to another file is still there. */
export function diffSmoke(a: readonly Scenario[], b: readonly Scenario[]): SmokePart {
  const { added, removed, both } = compareLists(a, b, ({ scenario }) => scenario);
  const changed = both
    .filter(([before, after]) => before.sha256 !== after.sha256)
    .map(([, after]) => after);
  const any = added.length + removed.length + changed.length > 0;
  return { level: any ? 'code' : 'none', added, dropped: removed, changed };
}

/** By name. */
export function diffNeeds(a: readonly Need[], b: readonly Need[]): NeedsPart {
  const { added, removed, both } = compareLists(a, b, ({ name }) => name);
  const changed = both
    .filter(([before, after]) => before.version !== after.version || before.soft !== after.soft)
    .map(([before, after]) => ({ name: after.name, before, after }));
  const any = added.length + removed.length + changed.length > 0;
  return { level: any ? 'code' : 'none', gained: added, lost: removed, changed };
}
