import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate and its key, as PEM. */
export interface Certified {
  readonly cert: string;
  readonly key: string;
}

/** Authorities and certificates for 127.0.0.1 and localhost, made by openssl. */
export interface Certificates {
  readonly authority: string;
  readonly good: Certified;
  /** Signed by an authority in between, which is sent along. */
  readonly chained: Certified;
  /** The same, without the one in between. */
  readonly incomplete: Certified;
  /** Sent along with its authority as an older one signed it, which has ended. */
  readonly crossed: Certified;
  /** Ended yesterday. */
  readonly expired: Certified;
  /** For example.org alone. */
  readonly other: Certified;
  readonly signedByItself: Certified;
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
const rootName = '/O=Territory Tests/CN=Root of tests';
const local = 'DNS:localhost,DNS:*.shop.test,IP:127.0.0.1';

/** Makes them; takes a second or two. */
export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'territory-certificates-'));
  const place = (name: string): string => join(folder, name);
  const run = (args: readonly string[]): void =>
    void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const text = (name: string): string => readFileSync(place(name), 'utf8');
  const selfSigned = (name: string, subject: string, more: readonly string[] = []): void => {
    const files = ['-keyout', `${name}.key`, '-out', `${name}.crt`];
    run(['req', '-x509', ...newKey, ...files, '-subj', subject, '-days', '30', ...more]);
  };
  const signed = (name: string, by: string, extensions: string, days = 20): Certified => {
    const request = ['-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`];
    run(['req', ...newKey, ...request]);
    writeFileSync(place(`${name}.ext`), extensions);
    const signer = ['-CA', `${by}.crt`, '-CAkey', `${by}.key`, '-CAcreateserial'];
    const files = ['-in', `${name}.csr`, '-out', `${name}.crt`, '-extfile', `${name}.ext`];
    run(['x509', '-req', ...signer, ...files, '-days', String(days)]);
    return { cert: text(`${name}.crt`), key: text(`${name}.key`) };
  };
  try {
    selfSigned('root', rootName);
    selfSigned('itself', '/CN=localhost', ['-addext', `subjectAltName=${local}`]);
    const names = `subjectAltName=${local}\n`;
    const between = signed('between', 'root', 'basicConstraints=critical,CA:TRUE\n', 5);
    selfSigned('old-root', '/CN=Old root');
    const again = ['-key', 'root.key', '-out', 'again.csr', '-subj', rootName];
    run(['req', '-new', ...again]);
    const by = ['-CA', 'old-root.crt', '-CAkey', 'old-root.key', '-CAcreateserial', '-days', '-1'];
    run(['x509', '-req', '-in', 'again.csr', '-out', 'again.crt', ...by]);
    const good = signed('good', 'root', names);
    const leaf = signed('leaf', 'between', names);
    return {
      authority: text('root.crt'),
      good,
      crossed: { ...good, cert: `${good.cert}${text('again.crt')}` },
      chained: { ...leaf, cert: `${leaf.cert}${between.cert}` },
      incomplete: leaf,
      expired: signed('expired', 'root', names, -1),
      other: signed('other', 'root', 'subjectAltName=DNS:example.org\n'),
      signedByItself: { cert: text('itself.crt'), key: text('itself.key') },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
