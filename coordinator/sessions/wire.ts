/** Which agents are understood: by their wire version, and by what they say of themselves. */
import { AppError, invalid, type Fault } from '../../shared/domain/errors.ts';
import { isAgentId } from '../../shared/domain/ids.ts';
import { WIRE_MINOR, WIRE_VERSION, type Hello } from '../../shared/rpc/messages.ts';
import { cardBytes, MAX_CARD_BYTES } from './session-room.ts';

/** Of its own minor version and those before it, down to `oldest`; others are told what to do. */
export function refuseOtherWire(hello: Hello, oldest: number): void {
  const isSpoken = hello.wireVersion === WIRE_VERSION && hello.wireMinor <= WIRE_MINOR && hello.wireMinor >= oldest;
  if (isSpoken) return;
  const got = `${hello.wireVersion}.${hello.wireMinor}`;
  const spoken = Array.from({ length: WIRE_MINOR + 1 - oldest }, (_, i) => `${WIRE_VERSION}.${oldest + i}`).join(', ');
  const isNewer = hello.wireVersion > WIRE_VERSION || (hello.wireVersion === WIRE_VERSION && hello.wireMinor > WIRE_MINOR);
  throw new AppError(
    'failed_precondition',
    `the agent speaks wire version ${got}, this coordinator ${spoken}; install ${isNewer ? "the coordinator of the agent's release first" : "the agent of the coordinator's release"}`,
    { reason: 'WIRE_VERSION', details: { got, spoken } },
  );
}

/** Throws `invalid` with all that is wrong with it. */
export function checkHello(hello: Hello): void {
  const faults: Fault[] = [];
  if (!isAgentId(hello.agentId)) faults.push({ place: 'agent_id', problem: 'is not "ag_" and 16 hex digits' });
  if (hello.models.length > 1_000) faults.push({ place: 'models', problem: `has ${hello.models.length} entries; at most 1000` });
  hello.models.forEach((m, i) => {
    if (!m.match || m.match.length > 200) faults.push({ place: `models[${i}].match`, problem: 'must have 1 to 200 characters' });
    if (m.maxConnections < 1 || m.maxConnections > 100_000)
      faults.push({ place: `models[${i}].max_connections`, problem: `${m.maxConnections} is not in 1 … 100000` });
  });
  const bytes = cardBytes(hello);
  if (bytes > MAX_CARD_BYTES)
    faults.push({ place: 'labels, models, capabilities, host', problem: `have ${bytes} bytes together; at most ${MAX_CARD_BYTES}` });
  if (faults.length > 0) throw invalid('Hello', faults);
}
