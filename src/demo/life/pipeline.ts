import type { Company } from '../company.ts';
import { startPipeline } from '../pipeline-processes.ts';

/** Brings importer, queue and publisher to what is on main, and tells that they were deployed. */
export async function deployPipeline(company: Company): Promise<void> {
  const env = Object.entries(process.env).filter(
    (one): one is [string, string] => one[1] !== undefined && !one[0].startsWith('TERRITORY_'),
  );
  await startPipeline(company, Object.fromEntries(env));
}
