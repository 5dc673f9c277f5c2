import { vocabularyOf } from '../language/vocabulary.ts';
import { benchmarkSteps } from './benchmark.ts';
import { contextSteps } from './context.ts';
import { headerSteps } from './headers.ts';
import { httpSteps } from './http.ts';
import { jsonSteps } from './json.ts';
import { streamSteps } from './stream.ts';

/** Every step that features may use. */
export const vocabulary = vocabularyOf([
  ...contextSteps,
  ...httpSteps,
  ...headerSteps,
  ...jsonSteps,
  ...benchmarkSteps,
  ...streamSteps,
]);
