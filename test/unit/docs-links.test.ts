/** What documents and comments point to is there: relative links, their headings, and the pages that comments name. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const FOLDERS = ['agent', 'cli', 'coordinator', 'deploy', 'docs', 'examples', 'proto', 'scripts', 'shared', 'test'];
const READABLE = /\.(?:md|ts|proto|lua|sh|ya?ml)$/;
const LINK = /\]\(([^()\s]+)\)/g;
const PAGE = /(?<![\w/.])(?:docs\/[\w-]+\.md|(?:agent|cli|coordinator|shared|proto)\/[\w./-]+\.(?:ts|proto|md))\b/g;

const files = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...FOLDERS.filter((folder) => existsSync(join(ROOT, folder))).flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  ),
].filter((name) => READABLE.test(name) && !name.includes('node_modules'));
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');

/** The anchors of a page's headings, as they are made from their text. */
const anchorsOf = (markdown: string): string[] =>
  [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, text]) =>
    text!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

const withoutCode = (markdown: string): string => markdown.replaceAll(/^```[^]*?^```/gm, '').replaceAll(/`[^`\n]*`(?!\])/g, '');

function brokenLinks(name: string): string[] {
  return [...withoutCode(read(name)).matchAll(LINK)].flatMap(([, link]) => {
    if (/^[a-z]+:/.test(link!)) return [];
    const [path = '', anchor] = link!.split('#');
    const target = path === '' ? name : relative(ROOT, join(ROOT, dirname(name), path));
    if (!existsSync(join(ROOT, target))) return [`${name}: ${link}`];
    return anchor !== undefined && !anchorsOf(read(target)).includes(anchor) ? [`${name}: ${link} (no such heading)`] : [];
  });
}

describe('pointers', () => {
  it('every relative link of a page leads somewhere', () => {
    const pages = files.filter((name) => name.endsWith('.md'));
    expect(pages.length).toBeGreaterThan(8);
    expect(pages.flatMap(brokenLinks)).toEqual([]);
  });

  it('every page and source that a page or a comment names is there', () => {
    // Tests name paths of their own making.
    const told = files.filter((name) => !name.startsWith('test/') && name !== 'CHANGELOG.md');
    const broken = told.flatMap((name) =>
      [...read(name).matchAll(PAGE)].filter(([path]) => !existsSync(join(ROOT, path))).map(([path]) => `${name}: ${path}`),
    );
    expect(broken).toEqual([]);
  });
});
