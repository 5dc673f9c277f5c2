import { Type } from 'typebox';
import { parseWhere } from '../../event/where/parse.ts';
import type { App } from '../http/app.ts';
import type { Parts } from '../parts.ts';
import { answers } from './answers.ts';
import { Catalogue, Latest } from './contract.ts';

const kinds = ['source', 'type', 'service', 'host', 'environment', 'name', 'label'] as const;
const limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 }));

const CatalogueQuery = Type.Object(
  {
    kind: Type.Optional(Type.Enum([...kinds])),
    prefix: Type.Optional(Type.String({ description: 'Only values that start so' })),
    limit,
  },
  { additionalProperties: false },
);
const LatestQuery = Type.Object(
  { where: Type.Optional(Type.String()), limit },
  { additionalProperties: false },
);

const defaultLimit = 1_000;

/** GET /api/v1/catalogue and GET /api/v1/latest */
export function addLiveRoutes(app: App, { view }: Parts): void {
  app.get(
    '/api/v1/catalogue',
    {
      schema: {
        summary: 'What has been seen: sources, services, hosts, names, labels',
        tags: ['events'],
        querystring: CatalogueQuery,
        response: answers(Catalogue, 400, 401, 403),
      },
    },
    async (request): Promise<Catalogue> => narrowed(await view.catalogue(), request.query),
  );
  app.get(
    '/api/v1/latest',
    {
      schema: {
        summary: 'The latest event of every service, host, environment and name',
        tags: ['events'],
        querystring: LatestQuery,
        response: answers(Latest, 400, 401, 403),
      },
    },
    async (request): Promise<Latest> => {
      const { where = '', limit: most = defaultLimit } = request.query;
      if (where.trim() !== '') parseWhere(where);
      return view.latest(where, most);
    },
  );
}

interface Narrowing {
  readonly kind?: (typeof kinds)[number];
  readonly prefix?: string;
  readonly limit?: number;
}

function narrowed(catalogue: Catalogue, asked: Narrowing): Catalogue {
  const { kind, prefix = '', limit: most = defaultLimit } = asked;
  const kept = Object.entries(catalogue.kinds)
    .filter(([name]) => kind === undefined || name === kind)
    .map(([name, { entries, overflowed }]) => {
      const fitting = entries.filter((entry) => entry.value.startsWith(prefix));
      const shown = { entries: fitting.slice(0, most), overflowed };
      return [name, shown] as const;
    });
  // The keys are those of the catalogue that came in; with `kind`, only one of them.
  return { kinds: Object.fromEntries(kept) as Catalogue['kinds'] };
}
