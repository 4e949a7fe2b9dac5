/** Checks as JUnit XML, which continuous integrations show as tests. Pure. */

export interface JunitCase {
  /** What is tested … */
  classname: string;
  /** … and for what. */
  name: string;
  /** What was found, where it failed. */
  failure?: string;
  /** It could not be tested. */
  error?: string;
  seconds?: number;
}

/** `counts`: where they are known before the cases are. */
export function junitHead(suite: string, counts?: { tests: number; failures: number; errors: number }): string {
  const numbers = counts ? ` tests="${counts.tests}" failures="${counts.failures}" errors="${counts.errors}"` : '';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${numbers}>\n<testsuite name=${quoted(suite)}${numbers}>\n`;
}

export function junitCase({ classname, name, failure, error, seconds }: JunitCase): string {
  const head = `<testcase classname=${quoted(classname)} name=${quoted(name)}${seconds === undefined ? '' : ` time="${Number(seconds.toFixed(3))}"`}`;
  if (error !== undefined) return `${head}><error message=${quoted(error)}/></testcase>\n`;
  return failure === undefined ? `${head}/>\n` : `${head}><failure message=${quoted(failure)}/></testcase>\n`;
}

export const JUNIT_END = '</testsuite>\n</testsuites>\n';

/** As an attribute; what XML 1.0 cannot hold becomes a replacement character. */
const quoted = (text: string): string =>
  `"${text
    .toWellFormed()
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\r', '&#13;')
    .replaceAll('\t', '&#9;')}"`;
