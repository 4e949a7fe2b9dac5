/** A line between an agent and a coordinator that can go dead: both sides stay connected, and nothing comes through any more. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export class Line {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #dead = new Set<Socket>();

  private constructor(target: string) {
    const [host, port] = target.split(':');
    this.#server = createServer((near) => {
      const far = connect(Number(port), host);
      this.#pass(near, far);
      this.#pass(far, near);
    });
  }

  static async to(target: string): Promise<Line> {
    const line = new Line(target);
    await new Promise<void>((resolve) => void line.#server.listen(0, '127.0.0.1', resolve));
    return line;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What is connected now carries nothing any more, in either direction; later connections work. */
  die(): void {
    for (const socket of this.#sockets) this.#dead.add(socket);
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #pass(from: Socket, into: Socket): void {
    this.#sockets.add(from);
    from.on('data', (chunk) => void (this.#dead.has(from) || into.write(chunk)));
    from.on('error', () => undefined);
    from.on('close', () => {
      this.#sockets.delete(from);
      if (!this.#dead.has(from)) into.destroy();
    });
  }
}
