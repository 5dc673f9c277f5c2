import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type {
  Artefact,
  ArtefactDiff,
  FileText,
  ReleasesApps,
  ReleasesOfApp,
  TextDiff,
} from '../../server/api/contract-artefacts.ts';
import { get } from '../kit/api.ts';

const refreshMs = 30_000;
const base = '/api/v1/releases/artefacts';
const part = encodeURIComponent;

/** Applications of which there are releases. */
export const releasesAppsQuery = queryOptions({
  queryKey: ['artefacts'],
  queryFn: ({ signal }) => get<ReleasesApps>('/api/v1/releases/apps', signal),
  refetchInterval: refreshMs,
});

/** The releases of an application, the last built first. */
export const releasesQuery = (app: string) =>
  queryOptions({
    queryKey: ['artefacts', app],
    queryFn: ({ signal }) => get<ReleasesOfApp>(`${base}/${part(app)}?limit=500`, signal),
    refetchInterval: refreshMs,
  });

/** A release.json; it never changes. */
export const artefactQuery = (app: string, version: string) =>
  queryOptions({
    queryKey: ['artefacts', app, 'release', version],
    queryFn: ({ signal }) => get<Artefact>(`${base}/${part(app)}/${part(version)}`, signal),
    staleTime: Infinity,
  });

/** The text of one of its files. */
export const textQuery = (app: string, version: string, path: string) =>
  queryOptions({
    queryKey: ['artefacts', app, 'text', version, path],
    queryFn: ({ signal }) =>
      get<FileText>(`${base}/${part(app)}/${part(version)}/text?path=${part(path)}`, signal),
    staleTime: Infinity,
  });

/** Which two versions are compared, and for which environment. */
export interface Compared {
  readonly app: string;
  readonly from: string;
  readonly to: string;
  readonly environment?: string | undefined;
}

/** What changes from one version to another. */
export const diffQuery = ({ app, from, to, environment }: Compared) =>
  queryOptions({
    queryKey: ['artefacts', app, 'diff', from, to, environment ?? ''],
    queryFn: ({ signal }) => {
      const asked = new URLSearchParams({ from, to, ...(environment && { environment }) });
      return get<ArtefactDiff>(`${base}/${part(app)}/diff?${asked}`, signal);
    },
    placeholderData: keepPreviousData,
  });

/** One file as it changes. */
export const textDiffQuery = ({ app, from, to }: Compared, path: string) =>
  queryOptions({
    queryKey: ['artefacts', app, 'text-diff', from, to, path],
    queryFn: ({ signal }) => {
      const asked = new URLSearchParams({ from, to, path });
      return get<TextDiff>(`${base}/${part(app)}/diff/text?${asked}`, signal);
    },
    staleTime: Infinity,
  });

/** Where the bytes of a file are. */
export const blobPath = (app: string, version: string, sha256: string): string =>
  `${base}/${part(app)}/${part(version)}/blobs/${sha256}`;
