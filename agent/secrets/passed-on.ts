/** What of the agent's environment its programs see: nothing that could hold a key. */
const PASSED_ON = ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TMPDIR'];

export const passedOn = (environment: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(PASSED_ON.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])));
