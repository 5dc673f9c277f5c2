import { defineErrors } from '../../errors/coded-error.ts';

/** What goes wrong with the map. See docs/errors.md. */
export const mapError = defineErrors('MAP', {
  INVALID: { status: 400, title: 'The map cannot be used as it is written' },
  UNKNOWN: { status: 404, title: 'There is no such node or stream on the map' },
  CONFLICT: { status: 409, title: 'The map was changed by somebody else meanwhile' },
  FILE: { status: 500, title: 'The file of the map cannot be written' },
  FONT: { status: 501, title: 'A PNG needs a font, and there is none' },
  BUSY: { status: 503, title: 'Too many ask for the map at once' },
});
