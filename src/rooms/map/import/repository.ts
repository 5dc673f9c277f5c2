import { repositoryName } from '../../thread/names.ts';

/** Annotations of Backstage ("Well-known Annotations") that name a project of a host. */
const slugs: Readonly<Record<string, string>> = {
  'github.com/project-slug': 'github.com',
  'gitlab.com/project-slug': 'gitlab.com',
  'bitbucket.org/project-slug': 'bitbucket.org',
  'bitbucket.com/project-slug': 'bitbucket.org',
};
const locations = ['backstage.io/source-location', 'backstage.io/managed-by-location'];

/** The repository that annotations name, without scheme and `.git`: `github.com/acme/shop`. */
export function repositoryIn(
  annotations: readonly (readonly [string, string | undefined])[],
): string | undefined {
  const all = new Map(annotations);
  for (const [annotation, host] of Object.entries(slugs)) {
    const slug = all.get(annotation);
    if (slug !== undefined && /^[\w.-]+(\/[\w.-]+)+$/.test(slug)) return `${host}/${slug}`;
  }
  for (const annotation of locations) {
    const found = fromUrl(all.get(annotation));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `url:https://github.com/acme/shop/tree/main/` */
function fromUrl(location: string | undefined): string | undefined {
  const url = /^(?:url:)?(https?:\/\/\S+)$/.exec(location ?? '')?.[1];
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { host, pathname } = new URL(url);
  // GitLab has groups within groups and `/-/` behind the project; the others have two parts.
  const [project = ''] = pathname.split('/-/');
  const parts = project.split('/').filter((part) => part !== '');
  const isDeep = pathname.includes('/-/');
  if (parts.length < 2) return undefined;
  return repositoryName(`${host}/${(isDeep ? parts : parts.slice(0, 2)).join('/')}`);
}
