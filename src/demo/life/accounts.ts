import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Company, TerritoryApi } from '../company.ts';
import { type Person, people } from '../repositories/people.ts';
import { asker } from '../server-process.ts';

/** Who answers what customers write. */
export const helpdesk: Person = { name: 'Lena Novak', email: 'lena@newsroom.example' };

/** Who is called when something breaks: somebody else for each seed, so that it is known beforehand. */
export function onCallOf(seed: number): Person {
  const all = people.pipeline;
  return all[Math.abs(seed) % all.length] ?? all[0];
}

/** The name of somebody at the server: what stands before the `@`. */
export const nameOf = ({ email }: Person): string => email.split('@')[0] ?? email;

/** Asks the server as one of the company's people. */
export type AskAs = (person: Person) => TerritoryApi['ask'];

/**
 * An account for each of the company's people, made once, so that the server knows who deployed and
 * who went back. Rejects when the server gives none.
 */
export async function openAccounts({ places, territory, signal }: Company): Promise<AskAs> {
  const file = join(places.home, 'people.json');
  const secrets: Record<string, string> = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) // our own file
    : {};
  for (const person of [...people.site, ...people.pipeline, helpdesk]) {
    const name = nameOf(person);
    if (secrets[name] !== undefined) continue;
    const wish = { name, scope: { may: 'member' } };
    // oxlint-disable-next-line no-await-in-loop -- a handful, once
    const { secret } = await territory.ask<{ secret: string }>('POST', '/api/v1/tokens', wish);
    secrets[name] = secret;
    writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
  }
  return (person) => asker(territory.url, secrets[nameOf(person)] ?? territory.token, signal);
}
