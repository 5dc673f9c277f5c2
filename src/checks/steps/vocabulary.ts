import { vocabularyOf } from '../language/vocabulary.ts';
import { answerSteps } from './answer.ts';
import { benchmarkSteps } from './benchmark.ts';
import { browserSteps } from './browser.ts';
import { contextSteps } from './context.ts';
import { dnsSteps } from './dns.ts';
import { headerSteps } from './headers.ts';
import { httpSteps } from './http.ts';
import { jsonSteps } from './json.ts';
import { rememberSteps } from './remember.ts';
import { schemaSteps } from './schema.ts';
import { smtpSteps } from './smtp.ts';
import { sqlSteps } from './sql.ts';
import { redirectSteps } from './redirects.ts';
import { streamSteps } from './stream.ts';
import { tcpSteps } from './tcp.ts';
import { tlsSteps } from './tls.ts';

/** Every step that features may use. */
export const vocabulary = vocabularyOf([
  ...contextSteps,
  ...httpSteps,
  ...answerSteps,
  ...headerSteps,
  ...jsonSteps,
  ...schemaSteps,
  ...rememberSteps,
  ...tlsSteps,
  ...dnsSteps,
  ...tcpSteps,
  ...smtpSteps,
  ...sqlSteps,
  ...benchmarkSteps,
  ...redirectSteps,
  ...streamSteps,
  ...browserSteps,
]);
