import { afterEach, expect, it, vi } from 'vitest';
import { ApiProblem } from '../api/problem';
import { frozen, type Kept, newDraft } from './draft';
import { againAt, send, sendPictures } from './sending';
import { keepDraft } from './shelf';

function answer(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': type, ...headers } });
}

const draft = frozen(
  { ...newDraft({ id: 7, code: 'S-7', name: 'x' }, 'key', 0), seen: 'unsure', words: '路没有修完' },
  5000,
);
const photo = (sha256: string) => ({ sha256, blob: new Blob([sha256], { type: 'image/jpeg' }), width: 1, height: 1 });
const kept: Kept = {
  number: '7K2M9QXD',
  secret: 'AAAA',
  submitted_at: 'then',
  siteId: 7,
  siteCode: 'S-7',
  siteName: 'x',
  waiting: ['a', 'b'],
  refused: [],
};

afterEach(() => {
  vi.unstubAllGlobals();
});

it('goes again under the same key while nobody has answered, and may be changed once it was refused', async () => {
  const keys: unknown[] = [];
  const answers = [
    () => Promise.reject(new TypeError('cut')),
    () => Promise.resolve(answer(503, {})),
    () => Promise.resolve(answer(422, { code: 'invalid', detail: '内容有误' })),
  ];
  vi.stubGlobal('fetch', (_path: string, request: RequestInit) => {
    keys.push([(request.headers as Record<string, string>)['idempotency-key'], request.body]);
    return answers[keys.length - 1]?.();
  });
  expect((await send(draft)).kind).toBe('unanswered');
  expect((await send(draft)).kind).toBe('unanswered');
  expect(await send(draft)).toMatchObject({ kind: 'refused', problem: { message: '内容有误' } });
  expect(new Set(keys.map((each) => JSON.stringify(each))).size).toBe(1);
});

it('sends each picture with the secret in a header, stops where the line breaks, and goes on from there', async () => {
  await keepDraft({ ...draft, photos: [photo('a'), photo('b')] });
  const sent: string[] = [];
  let broken = true;
  vi.stubGlobal('fetch', (path: string, request: RequestInit) => {
    expect(path).not.toContain('AAAA');
    expect((request.headers as Record<string, string>)['challenge-secret']).toBe('AAAA');
    if (path.endsWith('/b') && broken) return Promise.reject(new TypeError('cut'));
    sent.push(path);
    return Promise.resolve(answer(201, {}));
  });
  let told = kept;
  const stopped = await sendPictures(kept, (now) => {
    told = now;
  });
  expect(stopped?.status).toBe(0);
  expect(told.waiting).toEqual(['b']);
  broken = false;
  expect(await sendPictures(told, (now) => (told = now))).toBeNull();
  expect(told.waiting).toEqual([]);
  expect(sent).toEqual(['/api/challenges/7K2M9QXD/photos/a', '/api/challenges/7K2M9QXD/photos/b']);
});

it('tells of a picture that was not taken, and does not send it for ever', async () => {
  await keepDraft({ ...draft, photos: [photo('a')] });
  vi.stubGlobal('fetch', () => Promise.resolve(answer(422, { code: 'invalid', detail: '不是照片' })));
  let told = kept;
  await sendPictures({ ...kept, waiting: ['a'] }, (now) => (told = now));
  expect(told).toMatchObject({ waiting: [], refused: [{ sha256: 'a', words: '不是照片' }] });
});

it('says from when it may be sent again', () => {
  const now = new Date(2026, 10, 22, 23, 30, 0);
  const problem = (status: number, after: string | null) => new ApiProblem(status, {}, after);
  expect(againAt(problem(429, '600'), now)).toBe('23:40');
  expect(againAt(problem(429, '3600'), now)).toBe('11-23 00:30');
  expect(againAt(problem(429, null), now)).toBeNull();
  expect(againAt(problem(503, '600'), now)).toBeNull();
});
