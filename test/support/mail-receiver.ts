/** A mail server on loopback, as far as one that takes everything goes: keeps what it was sent. */
import { createServer, type Server, type Socket, type AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

export interface ReceivedMail {
  user: string;
  from: string;
  to: string[];
  text: string;
}

export class MailReceiver {
  readonly mails: ReceivedMail[] = [];
  /** Recipients that are refused. */
  readonly refused = new Set<string>();
  readonly #server: Server;

  /** With a certificate it speaks TLS from the start. */
  constructor(tls?: { cert: string | Buffer; key: string | Buffer }) {
    this.#server = tls ? createTlsServer(tls, (socket) => this.#talk(socket)) : createServer((socket) => this.#talk(socket));
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #talk(socket: Socket): void {
    let mail: ReceivedMail = { user: '', from: '', to: [], text: '' };
    let isData = false;
    let rest = '';
    const say = (line: string): void => void socket.write(`${line}\r\n`);
    const take = (line: string): void => {
      if (isData) {
        if (line !== '.') mail.text += `${line}\n`;
        else {
          isData = false;
          this.mails.push(mail);
          mail = { ...mail, from: '', to: [], text: '' };
          say('250 taken');
        }
        return;
      }
      const [verb = ''] = line.toUpperCase().split(/[ :]/);
      if (verb === 'EHLO') socket.write('250-here\r\n250 AUTH PLAIN\r\n');
      else if (verb === 'AUTH') {
        mail.user =
          Buffer.from(line.split(' ')[2] ?? '', 'base64')
            .toString('utf8')
            .split('\0')[1] ?? '';
        say('235 welcome');
      } else if (verb === 'MAIL') {
        mail.from = /<(.*?)>/.exec(line)?.[1] ?? '';
        say('250 ok');
      } else if (verb === 'RCPT') {
        const to = /<(.*?)>/.exec(line)?.[1] ?? '';
        if (this.refused.has(to)) say('550 nobody here');
        else {
          mail.to.push(to);
          say('250 ok');
        }
      } else if (verb === 'DATA') {
        isData = true;
        say('354 go on');
      } else if (verb === 'QUIT') {
        say('221 bye');
        socket.end();
      } else say('502 not known');
    };
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString('latin1')).split('\r\n');
      rest = lines.pop()!;
      for (const line of lines) take(line);
    });
    say('220 here');
  }
}
