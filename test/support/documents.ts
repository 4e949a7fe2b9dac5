/** The pages that people read, and what stands in their fences. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
/**
 * A fence, with the word above it on how its commands are run: not at all (with the reason, and what shows it instead), or with a
 * coordinator and agents at ASSAY_ADDRESS.
 */
const FENCE = /^(?:<!-- (?:not run: (?<reason>.+)|(?<fleet>on a fleet)) -->\n)?```(?<language>\w+)\n(?<text>[^]*?)^```$/gm;
/** A text that is a file: its first line is its name. */
const NAMED = /^# (?<name>[\w-]+\.(?:ya?ml|py))\n/;

export interface Block {
  /** `docs/cli.md:12`. */
  place: string;
  language: string;
  text: string;
  /** Why its commands are not run. */
  reason: string | undefined;
  /** Its commands want a fleet. */
  onFleet: boolean;
  /** The file that it is. */
  file: string | undefined;
}

export interface Page {
  /** `docs/cli.md`. */
  name: string;
  text: string;
  blocks: Block[];
}

export const isShell = ({ language }: Block): boolean => ['sh', 'console', 'bash'].includes(language);

/** All pages: those at the top, and those in docs/. */
export function documents(): Page[] {
  const pages = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'));
  return ['README.md', 'CONTRIBUTING.md', ...pages.map((name) => join('docs', name)).toSorted()].map(readPage);
}

function readPage(name: string): Page {
  const text = readFileSync(join(ROOT, name), 'utf8');
  const blocks = [...text.matchAll(FENCE)].map((match): Block => {
    const { reason, fleet, language, text: content } = match.groups as Record<string, string | undefined>;
    return {
      place: `${name}:${text.slice(0, match.index).split('\n').length}`,
      language: language!,
      text: content!,
      reason,
      onFleet: fleet !== undefined,
      file: NAMED.exec(content!)?.groups!['name'],
    };
  });
  return { name, text, blocks };
}
