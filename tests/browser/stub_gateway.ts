// A gateway for short messages on this machine, for journeys with codes: it keeps what it is told to send.
import { createServer, type Server } from 'node:http';

export interface StubGateway {
  server: Server;
  address: string;
  /** The code sent last to a telephone. */
  codeFor(phone: string): string | undefined;
}

export async function serveStubGateway(): Promise<StubGateway> {
  const codes = new Map<string, string>();
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => {
      body += part.toString();
    });
    request.on('end', () => {
      const { phone, text } = JSON.parse(body) as { phone: string; text: string };
      codes.set(phone, /\d{6}/.exec(text)?.[0] ?? '');
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { server, address: `http://127.0.0.1:${port}/send`, codeFor: (phone) => codes.get(phone) };
}
