/** The proxy that harms connections does what it says, and nothing else. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { waitFor } from '../support/wait-for.ts';

/** A server that keeps what it gets, and answers each line with itself. */
class Echo {
  readonly server: Server;
  readonly sockets: Socket[] = [];
  got = '';
  ended = 0;

  constructor() {
    this.server = createServer({ allowHalfOpen: true }, (socket) => {
      this.sockets.push(socket);
      socket.on('error', () => undefined);
      socket.on('end', () => {
        this.ended++;
        socket.end();
      });
      socket.on('data', (bytes: Buffer) => {
        this.got += bytes.toString();
        socket.write(bytes);
      });
    });
  }
}

/** A connection with what came back by it. */
class Dialled {
  readonly socket: Socket;
  got = '';
  state: 'open' | 'ended' | 'reset' = 'open';

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1' });
    this.socket.on('data', (bytes: Buffer) => void (this.got += bytes.toString()));
    this.socket.on('error', () => void (this.state = 'reset'));
    this.socket.on('end', () => void (this.state = 'ended'));
  }

  is(state: Dialled['state']): Promise<unknown> {
    return waitFor(() => this.state === state, { what: `the connection to be ${state}` });
  }

  gets(text: string): Promise<unknown> {
    return waitFor(() => this.got === text, { what: `the answer ${text}`, state: () => this.got.slice(0, 100) });
  }
}

describe('the proxy that harms connections', () => {
  let echo: Echo;
  let proxy: TcpProxy;
  const dialled: Dialled[] = [];
  const dial = (): Dialled => {
    const made = new Dialled(proxy.port);
    dialled.push(made);
    return made;
  };

  beforeEach(async () => {
    echo = new Echo();
    echo.server.listen(0, '127.0.0.1');
    await once(echo.server, 'listening');
    proxy = await TcpProxy.start({ target: { port: (echo.server.address() as AddressInfo).port }, seed: 7 });
  });

  afterEach(async () => {
    await proxy.close();
    for (const { socket } of dialled.splice(0)) socket.destroy();
    for (const socket of echo.sockets) socket.destroy();
    echo.server.close();
  });

  it('passes bytes and ends on, both ways, for several connections', async () => {
    const [one, two] = [dial(), dial()];
    one.socket.write('one');
    two.socket.write('two');
    await one.gets('one');
    await two.gets('two');
    one.socket.end();
    await one.is('ended');
    expect(two.state).toBe('open');
    expect(proxy.open).toBe(1);
  });

  it('delays a direction, and keeps the order of what is delayed', async () => {
    proxy.delay(80, { way: 'down', jitterMs: 40 });
    const one = dial();
    const start = performance.now();
    for (let n = 0; n < 20; n++) {
      one.socket.write(`${n},`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const expected = Array.from({ length: 20 }, (_, n) => `${n},`).join('');
    await waitFor(() => echo.got === expected, { what: 'the bytes at the target' });
    await one.gets(expected);
    expect(performance.now() - start).toBeGreaterThan(75);
  });

  it('stalls one way: the other works, no end gets through, and all arrives after healing', async () => {
    const one = dial();
    one.socket.write('a');
    await one.gets('a');
    proxy.stall('down');
    one.socket.write('b');
    await waitFor(() => echo.got === 'ab', { what: 'the byte to arrive at the target' });
    echo.sockets[0]!.end();
    expect(one).toMatchObject({ got: 'a', state: 'open' });
    proxy.heal();
    await one.gets('ab');
    await one.is('ended');
  });

  it('holds no more than its bound while it stalls', async () => {
    await proxy.close();
    proxy = await TcpProxy.start({ target: { port: (echo.server.address() as AddressInfo).port }, maxBufferedBytes: 10_000 });
    proxy.stall('up');
    const one = dial();
    const megabytes = Buffer.alloc(32 * 1024 * 1024, 'x');
    let isOut = false;
    one.socket.write(megabytes, () => void (isOut = true));
    await waitFor(() => one.socket.writableLength > 0 && proxy.accepted === 1, { what: 'the writer to be held up' });
    expect(isOut).toBe(false);
    proxy.heal();
    await waitFor(() => echo.got.length === megabytes.length, { what: 'all of it to arrive' });
  });

  it('resets after so many bytes, once; the bytes before arrive', async () => {
    proxy.dropAfter(4, 'up');
    const one = dial();
    one.socket.write('1234567');
    await one.is('reset');
    await waitFor(() => echo.got === '1234', { what: 'four bytes' });
    const two = dial();
    two.socket.write('again');
    await two.gets('again');
    expect(one.got.length).toBeLessThan(5);
  });

  it('loses an answer whose request arrived', async () => {
    proxy.dropAfter(0, 'down');
    const one = dial();
    one.socket.write('asked');
    await one.is('reset');
    expect(one.got).toBe('');
    expect(echo.got).toBe('asked');
  });

  it('cuts all, refuses what is new, and lets it in after healing, under the same address', async () => {
    const { port } = proxy;
    const one = dial();
    one.socket.write('a');
    await one.gets('a');
    proxy.cut();
    await one.is('reset');
    await dial().is('reset');
    expect(proxy).toMatchObject({ accepted: 2, refused: 1 });
    proxy.heal();
    expect(proxy.port).toBe(port);
    const three = dial();
    three.socket.write('b');
    await three.gets('b');
  });

  it('passes on that the target is not there', async () => {
    const [gone] = echo.sockets.splice(0);
    gone?.destroy();
    echo.server.close();
    await once(echo.server, 'close');
    await dial().is('reset');
    await waitFor(() => proxy.open === 0, { what: 'no connection to be left' });
    expect(proxy.refused).toBe(0);
  });
});
