import type { Release } from '../../rooms/releases/artefact/release.ts';

/** `1.4 MB`: bytes in powers of 1,000, as file managers and disks count. */
export function showBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = '';
  for (const next of units) {
    if (value < 1000) break;
    value /= 1000;
    unit = next;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

/** Bytes of all files of a release. */
export const bytesOf = ({ files }: Release): number =>
  files.reduce((sum, { size }) => sum + size, 0);

/** `payments-api@1` */
export const withVersion = (name: string, version: string | null): string =>
  version === null ? name : `${name}@${version}`;
