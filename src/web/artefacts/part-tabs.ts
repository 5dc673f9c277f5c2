import type { Artefact } from '../../server/api/contract-artefacts.ts';

/** The parts of a release as a page shows them, one at a time. */
export const partNames = [
  'files',
  'migrations',
  'config',
  'dependencies',
  'contracts',
  'smoke',
  'needs',
  'delivery',
] as const;
export type PartName = (typeof partNames)[number];

export interface PartTab {
  readonly name: PartName;
  readonly text: string;
  readonly count: number | undefined;
}

/** Each part with how many there are in a release. */
export function partsOf(of: Artefact): PartTab[] {
  return [
    { name: 'files', text: 'Files', count: of.files.length },
    { name: 'migrations', text: 'Migrations', count: of.migrations.length },
    { name: 'config', text: 'Configuration', count: of.config.keys.length },
    { name: 'dependencies', text: 'Dependencies', count: of.dependencies.length },
    { name: 'contracts', text: 'Contracts', count: of.contracts.length },
    { name: 'smoke', text: 'Smoke', count: of.smoke.length },
    { name: 'needs', text: 'Needs', count: of.needs.length },
    { name: 'delivery', text: 'Delivery', count: undefined },
  ];
}

/** What the address of the page about an artefact says. */
export function artefactSearch(raw: Readonly<Record<string, unknown>>): {
  part?: PartName;
  path?: string;
  q?: string;
} {
  const { path, q } = raw;
  const part = partNames.find((name) => name === raw['part']);
  return {
    ...(part && part !== 'files' && { part }),
    ...(typeof path === 'string' && path !== '' && { path }),
    ...(typeof q === 'string' && q !== '' && { q }),
  };
}
