// A service of picture tiles on this machine, for journeys with a base map: fields, a river and roads that run on from tile to tile.
import { createServer, type Server } from 'node:http';
import { crc32, deflateSync } from 'node:zlib';

const SIZE = 256;
const FIELD = [214, 226, 196];
const WOOD = [178, 206, 164];
const RIVER = [150, 196, 226];
const ROAD = [240, 176, 92];

/** Colour of a place, counted in pixels of zoom 12 from the world's corner. */
function colour(x: number, y: number): number[] {
  if (Math.abs(y - 300 * Math.sin(x / 700) - Math.round(y / 2400) * 2400) < 26) return RIVER;
  if (Math.abs((x % 640) - 320) < 4 || Math.abs((y % 520) - 260) < 4) return ROAD;
  return Math.sin(x / 190) + Math.sin(y / 150) > 0.9 ? WOOD : FIELD;
}

function chunk(kind: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(kind), content]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(content.length, 0);
  frame.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)]);
}

function picture(z: number, x: number, y: number): Buffer {
  const step = 2 ** (12 - z);
  const rows = Buffer.alloc(SIZE * (1 + SIZE * 3));
  for (let row = 0; row < SIZE; row += 1) {
    for (let column = 0; column < SIZE; column += 1) {
      const place = colour((x * SIZE + column) * step, (y * SIZE + row) * step);
      rows.set(place, row * (1 + SIZE * 3) + 1 + column * 3);
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(SIZE, 0);
  head.writeUInt32BE(SIZE, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

export interface StubTiles {
  server: Server;
  /** Address with places for z, x and y. */
  address: string;
  /** What was asked for so far. */
  asked: string[];
}

export async function serveStubTiles(): Promise<StubTiles> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const [z, x, y] = (/^\/(\d+)\/(\d+)\/(\d+)\.png/.exec(request.url ?? '') ?? []).slice(1).map(Number);
    if (z === undefined || x === undefined || y === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'image/png' }).end(picture(z, x, y));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { server, address: `http://127.0.0.1:${port}/{z}/{x}/{y}.png?key={key}`, asked };
}
