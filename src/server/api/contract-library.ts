import { type Static, Type } from 'typebox';

/** A rule file that comes with Territory, off until it is chosen. */
export const ReadyRules = Type.Object({
  id: Type.String({ description: 'Its file without the ending' }),
  about: Type.String({ description: 'What it finds' }),
  needs: Type.String({ description: 'What must be sent for it to find anything' }),
  change: Type.String({ description: 'What to change after it was chosen' }),
  rules: Type.Array(Type.String(), { description: 'Names of its rules, as far as written out' }),
  source: Type.String(),
  chosen: Type.Boolean({ description: 'Whether the rules directory has a file of that name' }),
});
export type ReadyRules = Static<typeof ReadyRules>;

/** Answer of GET /api/v1/rules/library. */
export const Library = Type.Object({ ready: Type.Array(ReadyRules) });
export type Library = Static<typeof Library>;

/** Answer of POST /api/v1/rules/library/:id/choose. */
export const Chosen = Type.Object({ file: Type.String({ description: 'Where the copy lies' }) });
export type Chosen = Static<typeof Chosen>;
