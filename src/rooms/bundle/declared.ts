import type { Manifest } from '../releases/manifest/manifest.ts';

/** Where the application runs, for what differs by environment. */
export interface BundleEnvironment {
  readonly name: string;
  /** First port of its instances; undefined when nothing says it. */
  readonly port: number | undefined;
}

export interface BundleOptions {
  readonly environments: readonly BundleEnvironment[];
  /** Of each colour, or in all where there are no colours. */
  readonly instances: number;
  /** Of Territory, without a slash at the end. */
  readonly server: string;
}

/** One file of a bundle; its path is from the folder that it is written to. */
export interface BundleFile {
  readonly path: string;
  readonly text: string;
  /** For people: what it is for. */
  readonly what: string;
}

/** What the parts of a bundle are made of. */
export interface Declared extends BundleOptions {
  readonly manifest: Manifest;
  /** A path that can stand in quotes anywhere, or undefined when the manifest has none. */
  readonly ready: string | undefined;
}

/** The line with which every made file begins, behind its sign of a comment. */
export const madeBy = ({ manifest }: Declared): string =>
  `Made by \`territory app bundle\` from territory.yaml of ${manifest.app}: change that, and make it again.`;
