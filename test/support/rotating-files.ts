/** A certificate's files as a cluster mounts them: a folder of links into a folder of one version, swapped as a whole. For tests. */
import { mkdir, mkdtemp, rename, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Pems {
  cert: string;
  key: string;
  ca?: string;
}

export class RotatingFiles {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  readonly #dir: string;
  #version = 0;

  private constructor(dir: string) {
    this.#dir = dir;
    [this.cert, this.key, this.ca] = [join(dir, 'tls.crt'), join(dir, 'tls.key'), join(dir, 'ca.crt')];
  }

  static async of(pems: Pems): Promise<RotatingFiles> {
    const files = new RotatingFiles(await mkdtemp(join(tmpdir(), 'assay-rotating-')));
    await files.swapLink(pems);
    for (const name of ['tls.crt', 'tls.key', 'ca.crt']) await symlink(join('..data', name), join(files.#dir, name));
    return files;
  }

  /** As Kubernetes does it: a new folder, and the link to it renamed into place. */
  async swapLink({ cert, key, ca = '' }: Pems): Promise<void> {
    const version = `..v${++this.#version}`;
    await mkdir(join(this.#dir, version));
    await writeFile(join(this.#dir, version, 'tls.crt'), cert);
    await writeFile(join(this.#dir, version, 'tls.key'), key, { mode: 0o600 });
    await writeFile(join(this.#dir, version, 'ca.crt'), ca);
    await symlink(version, join(this.#dir, '..next'));
    await rename(join(this.#dir, '..next'), join(this.#dir, '..data'));
  }

  /** As careful programs do it: each file written aside and renamed into place, one after the other. */
  async renameInto({ cert, key }: Pems): Promise<void> {
    for (const [path, content] of [
      [this.cert, cert],
      [this.key, key],
    ] as const) {
      await writeFile(`${path}.new`, content, { mode: path === this.key ? 0o600 : 0o644 });
      await rename(`${path}.new`, path);
    }
  }
}
