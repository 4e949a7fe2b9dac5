/** Certificates that sign themselves. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestCertificate {
  cert: string;
  key: string;
  certPath: string;
  keyPath: string;
}

/** One for two days; `names` as openssl's subjectAltName has them. */
export async function makeCertificate(names = 'DNS:localhost,DNS:data.test,IP:127.0.0.1'): Promise<TestCertificate> {
  const dir = await mkdtemp(join(tmpdir(), 'assay-cert-'));
  const [certPath, keyPath] = [join(dir, 'cert.pem'), join(dir, 'key.pem')];
  const args = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=${names}`;
  execFileSync('openssl', [...args.split(' '), '-keyout', keyPath, '-out', certPath], { stdio: 'ignore' });
  return { cert: await readFile(certPath, 'utf8'), key: await readFile(keyPath, 'utf8'), certPath, keyPath };
}

export interface TestAuthority {
  cert: string;
  certPath: string;
  /** Signs a certificate for the names, as openssl's subjectAltName has them. Negative days: one that has ended. */
  issue(options: { names: string; days?: number; usage?: 'serverAuth' | 'clientAuth' }): Promise<TestCertificate>;
}

/** An authority that signs the certificates of others. */
export async function makeAuthority(name = 'test authority'): Promise<TestAuthority> {
  const dir = await mkdtemp(join(tmpdir(), 'assay-ca-'));
  const [certPath, caKey] = [join(dir, 'ca.pem'), join(dir, 'ca.key')];
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const openssl = (args: string[]): void => void execFileSync('openssl', args, { stdio: 'ignore' });
  openssl(['req', '-x509', ...newKey, '-days', '2', '-subj', `/CN=${name}`, '-keyout', caKey, '-out', certPath]);
  let issued = 0;
  return {
    cert: await readFile(certPath, 'utf8'),
    certPath,
    issue: async ({ names, days = 2, usage }) => {
      const of = join(dir, String(++issued));
      const [cert, key, request, extensions] = [`${of}.pem`, `${of}.key`, `${of}.csr`, `${of}.ext`];
      await writeFile(extensions, `subjectAltName=${names}\n${usage ? `extendedKeyUsage=${usage}\n` : ''}`);
      openssl(['req', ...newKey, '-subj', '/CN=localhost', '-keyout', key, '-out', request]);
      const signer = ['-CA', certPath, '-CAkey', caKey, '-set_serial', String(1000 + issued)];
      openssl(['x509', '-req', '-in', request, ...signer, '-days', String(days), '-extfile', extensions, '-out', cert]);
      return { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8'), certPath: cert, keyPath: key };
    },
  };
}
