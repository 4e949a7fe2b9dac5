#!/usr/bin/env node
// The command of the installed package. Plain JavaScript that any Node reads, so that an old one is told what it lacks.
import { readFileSync } from 'node:fs';

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const wanted = engines.node.replace(/^>=/, '').split('.').map(Number);
const found = process.versions.node.split('.').map(Number);
const at = wanted.findIndex((number, i) => number !== found[i]);

if (at >= 0 && found[at] < wanted[at]) {
  process.stderr.write(
    `assay: Node ${wanted.join('.')} or newer is needed, and this is ${found.join('.')} (${process.execPath}); install it from https://nodejs.org\n`,
  );
  process.exitCode = 1;
} else {
  await import('../dist/cli/main.js');
}
