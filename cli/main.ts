/** The program `assay`: runs one command, tells failures in plain words, and exits with the code that they mean. */
import { VERSION } from '../shared/domain/version.ts';
import { startTelemetry, type Telemetry } from '../shared/telemetry/start.ts';
import { explainFailure } from './exit.ts';
import { runProgram } from './program.ts';
import { processShell } from './shell.ts';

quietAboutAddresses();
const shell = processShell();
const debug = shell.env['ASSAY_DEBUG'] === '1';
let telemetry: Telemetry | undefined;
let code: number;
try {
  code = await runProgram(process.argv.slice(2), shell, async (command) => {
    // Those two become another process, which has telemetry of its own.
    if (command !== 'coordinator' && command !== 'agent') telemetry = await startTelemetry({ service: 'assay-cli', version: VERSION });
  });
} catch (error) {
  const failure = explainFailure(error, debug);
  if (failure.text) shell.say(failure.text);
  code = failure.code;
}
await telemetry?.shutdown();
process.exit(code);

/** A coordinator may be dialled by its IP address over TLS: Node's remark on that is nothing that the user could act upon. */
function quietAboutAddresses(): void {
  const tellers = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', (warning: Error & { code?: string }) => {
    if (warning.code !== 'DEP0123') for (const tell of tellers) tell(warning);
  });
}
