import { gatesError } from './errors.ts';

/** What a gate is about: everything, an environment, an application, or one in the other. */
export interface Scope {
  readonly app?: string | undefined;
  readonly environment?: string | undefined;
}

/** An application that is to go into an environment. */
export interface Lane {
  readonly app: string;
  readonly environment: string;
}

const everything = 'all';
const maxName = 200;

/** Whether a gate is about this application in this environment. */
export function covers(scope: Scope, { app, environment }: Lane): boolean {
  return (
    (scope.app === undefined || scope.app === app) &&
    (scope.environment === undefined || scope.environment === environment)
  );
}

/** `all`, `production`, `shop@all` or `shop@production`. */
export function scopeText({ app, environment = everything }: Scope): string {
  return app === undefined ? environment : `${app}@${environment}`;
}

/** How narrow a scope is: everything 0, an environment 1, an application 2, both 3. */
export function narrowness({ app, environment }: Scope): number {
  return (app === undefined ? 0 : 2) + (environment === undefined ? 0 : 1);
}

/**
 * Reads what `scopeText` writes. The last `@` parts, since names of packages may begin with one.
 * Throws TERR_GATES_INVALID.
 */
export function parseScope(text: string): Scope {
  const at = text.lastIndexOf('@');
  const app = at === -1 ? undefined : text.slice(0, at).trim();
  const environment = text.slice(at + 1).trim();
  return checkedScope({ app, environment: environment === everything ? undefined : environment });
}

/** Throws TERR_GATES_INVALID when a name cannot be one. */
export function checkedScope({ app, environment }: Scope): Scope {
  return {
    ...(app !== undefined && { app: checkedName(app, 'app') }),
    ...(environment !== undefined && { environment: checkedName(environment, 'environment') }),
  };
}

function checkedName(text: string, field: 'app' | 'environment'): string {
  const name = text.trim();
  // oxlint-disable-next-line no-control-regex -- names are printed and stand in subjects
  const plain = name !== '' && name.length <= maxName && !/[\u0000-\u001f\u007f]/.test(name);
  const reserved = field === 'environment' && (name === everything || name.includes('@'));
  if (plain && !reserved) return name;
  throw gatesError(
    'INVALID',
    `"${name.slice(0, 60)}" is no name of an ${field === 'app' ? 'application' : 'environment'}; write ENVIRONMENT, APP@ENVIRONMENT, APP@all or all`,
    { field },
  );
}
