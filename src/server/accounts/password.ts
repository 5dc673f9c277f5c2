import { type ScryptOptions, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** A password as it is kept: never the password, and the parameters that its hash was made with. */
export interface StoredPassword {
  readonly kdf: 'scrypt';
  readonly n: number;
  readonly r: number;
  readonly p: number;
  /** base64 */
  readonly salt: string;
  readonly hash: string;
}

export interface ScryptCost {
  readonly n: number;
  readonly r: number;
  readonly p: number;
}

/** OWASP Password Storage Cheat Sheet, scrypt: 32 MiB and three passes. */
export const scryptCost: ScryptCost = { n: 2 ** 15, r: 8, p: 3 };

export async function hashPassword(
  password: string,
  cost: ScryptCost = scryptCost,
): Promise<StoredPassword> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, { cost, length: 32 });
  return { kdf: 'scrypt', ...cost, salt: salt.toString('base64'), hash: hash.toString('base64') };
}

/** The hash of a password that nobody can know; checking against it costs the same. */
export function unknownPassword(): StoredPassword {
  const [salt, hash] = [randomBytes(16), randomBytes(32)];
  const text = { salt: salt.toString('base64'), hash: hash.toString('base64') };
  return { kdf: 'scrypt', ...scryptCost, ...text };
}

/** Compares in constant time. */
export async function checkPassword(stored: StoredPassword, password: string): Promise<boolean> {
  const hash = Buffer.from(stored.hash, 'base64');
  const salt = Buffer.from(stored.salt, 'base64');
  const made = await derive(password, salt, { cost: stored, length: hash.length });
  return timingSafeEqual(hash, made);
}

function derive(
  password: string,
  salt: Buffer,
  { cost, length }: { cost: ScryptCost; length: number },
): Promise<Buffer> {
  // RFC 7914 section 2: 128 * N * r bytes, and room for p blocks.
  const maxmem = 128 * cost.r * (cost.n + cost.p + 2);
  const options: ScryptOptions = { N: cost.n, r: cost.r, p: cost.p, maxmem };
  // RFC 8265: the same password typed on another keyboard may come in another Unicode form.
  const text = password.normalize('NFC');
  return new Promise((resolve, reject) => {
    scrypt(text, salt, length, options, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}
