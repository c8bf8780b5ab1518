import { describe, expect, it } from 'vitest';
import { kindOf, mayKeep } from './policy';

const ORIGIN = 'https://map.example';
const HASH = 'a'.repeat(64);

function kind(path: string, mode = 'cors', method = 'GET') {
  return kindOf({ method, mode, url: new URL(path, ORIGIN).href }, ORIGIN);
}

describe('what the worker looks at', () => {
  it('is the public face and what it reads', () => {
    expect(kind('/', 'navigate')).toBe('page');
    expect(kind('/list?stage=completed', 'navigate')).toBe('page');
    expect(kind('/deputy', 'navigate')).toBe('page');
    expect(kind('/sites/2026-01-001', 'navigate')).toBe('page');
    expect(kind('/assets/public-abc.js')).toBe('asset');
    expect(kind('/style/0123456789abcdef.css')).toBe('asset');
    expect(kind('/api/county')).toBe('map');
    expect(kind('/api/map/sites')).toBe('map');
    expect(kind('/api/sites?limit=1000')).toBe('map');
    expect(kind('/api/map/months/2026-10?version=ab')).toBe('map');
    expect(kind('/api/sites/41/story')).toBe('story');
    expect(kind('/tiles/regions,waters/9/426/210')).toBe('tile');
    expect(kind(`/photos/${HASH}/thumbnail`)).toBe('thumbnail');
    expect(kind(`/portraits/${HASH}`)).toBe('thumbnail');
  });

  it('is nothing that depends on who asks, nothing that changes anything, and nothing of the other faces', () => {
    for (const path of [
      'session',
      'sessions',
      'me/sites',
      'me/notices',
      'review',
      'accounts',
      'audit',
      'imports',
      'reporting-months/2026-10',
    ])
      expect(kind(`/api/${path}`), path).toBeNull();
    for (const path of ['/desk', '/deputy/', '/q/abc', '/api/docs', '/sites/a/qr.svg'])
      expect(kind(path, 'navigate'), path).toBeNull();
    for (const path of [
      '/api/events',
      '/basemap/vec_w/10/853/421',
      `/photos/${HASH}`,
      '/export/sites.csv',
      '/service-worker.js',
      '/shell',
    ])
      expect(kind(path), path).toBeNull();
    expect(kind('/api/sites', 'cors', 'POST')).toBeNull();
    expect(kind('/api/sites', 'cors', 'HEAD')).toBeNull();
    expect(kind('https://elsewhere.example/api/sites')).toBeNull();
  });
});

describe('what may be kept', () => {
  function answer(headers: Record<string, string>, status = 200, more: Partial<Response> = {}) {
    return { status, type: 'basic' as const, redirected: false, headers: new Headers(headers), ...more };
  }

  it('is what the server calls public', () => {
    expect(mayKeep(answer({ 'cache-control': 'public, no-cache' }))).toBe(true);
    expect(mayKeep(answer({ 'cache-control': 'public, max-age=31536000, immutable', vary: 'accept-encoding' }))).toBe(
      true,
    );
  });

  it('is no other answer', () => {
    for (const keeping of ['', 'no-store', 'no-cache', 'private, max-age=60', 'public, no-store'])
      expect(mayKeep(answer({ 'cache-control': keeping })), keeping).toBe(false);
    const everybody = { 'cache-control': 'public, no-cache' };
    for (const vary of ['cookie', 'accept-language, Cookie', '*'])
      expect(mayKeep(answer({ ...everybody, vary })), vary).toBe(false);
    for (const status of [204, 206, 304, 404, 500]) expect(mayKeep(answer(everybody, status)), `${status}`).toBe(false);
    expect(mayKeep(answer(everybody, 200, { redirected: true }))).toBe(false);
    expect(mayKeep(answer(everybody, 200, { type: 'opaque' }))).toBe(false);
  });
});
