import { describe, expect, it } from 'vitest';
import type { NewReport, ReportReceipt } from '../api/wire';
import { announce, deliver, isUnfinished, LOST, type Outcome, type Transport } from './queue';
import type { Draft, DraftPhoto } from './report/draft';

const photos: DraftPhoto[] = ['a', 'b'].map((letter) => ({
  sha256: letter.repeat(64),
  blob: new Blob([letter]),
  thumbnailUrl: null,
  width: 1,
  height: 1,
}));

const draft: Draft = {
  id: '019a0000-0000-7000-8000-000000000001',
  accountId: 7,
  siteId: 3,
  siteCode: 'MS26-01-003',
  siteName: '中心幼儿园',
  stageBefore: 'not_started',
  amends: null,
  stage: 'in_progress',
  percent: 5,
  words: '',
  problems: [],
  photos,
  position: null,
  stepBackReason: '',
  writtenAt: '2026-11-22T02:00:00.000Z',
  delivery: { step: 'editing' },
  receipt: null,
};

const lost: Outcome<never> = { ok: false, why: 'network', retryAfterS: null };

/** A server that keeps what arrives; `faults` are answered first, one for each call. */
function server(faults: (Outcome<never> | null)[]) {
  const reports = new Map<string, string>();
  const pictures = new Set<string>();
  const bodies: string[] = [];
  const fault = () => faults.shift() ?? null;
  const transport: Transport = {
    async putReports(items) {
      const wrong = fault();
      if (wrong) return wrong;
      bodies.push(`batch of ${items.length}`);
      const value = [];
      for (const { id, report } of items) value.push(await transport.putReport(id, report));
      return { ok: true, value };
    },
    async putReport(id: string, body: NewReport): Promise<Outcome<ReportReceipt>> {
      const text = JSON.stringify(body);
      bodies.push(`${id} ${text}`);
      reports.set(id, text);
      const wrong = fault();
      if (wrong) return wrong;
      const missing_photos = body.photos.filter((hash) => !pictures.has(hash));
      return { ok: true, value: receipt(id, missing_photos) };
    },
    async putPhoto(photo: DraftPhoto): Promise<Outcome<null>> {
      const wrong = fault();
      if (wrong) return wrong;
      pictures.add(photo.sha256);
      return { ok: true, value: null };
    },
  };
  return { transport, reports, pictures, bodies };
}

function receipt(id: string, missing_photos: string[]): ReportReceipt {
  return {
    id,
    received_at: '2026-11-22T10:00:00+08:00',
    month: '2026-11',
    stage: 'in_progress',
    late: false,
    missing_photos,
    version: 1,
    off_site: false,
    distance_m: null,
    clock_doubted: false,
    step_back: false,
    came_by: null,
  };
}

describe('sending a report', () => {
  it('arrives with all its pictures', async () => {
    const { transport, pictures } = server([]);
    const sent = await deliver(draft, transport, async () => {});
    expect(sent.delivery).toEqual({ step: 'received' });
    expect(sent.receipt?.missing_photos).toEqual([]);
    expect(pictures.size).toBe(2);
  });

  it('sends the same id and body again after an answer was lost, and leaves one report', async () => {
    const { transport, reports, bodies } = server([lost]);
    const waiting = await deliver(draft, transport, async () => {});
    expect(waiting.delivery.step).toBe('waiting');
    const sent = await deliver(waiting, transport, async () => {});
    expect(sent.delivery.step).toBe('received');
    expect(reports.size).toBe(1);
    expect(bodies[0]).toBe(bodies[1]);
  });

  it('goes on with the missing pictures only', async () => {
    const { transport, bodies, pictures } = server([null, null, lost]);
    const waiting = await deliver(draft, transport, async () => {});
    expect([waiting.delivery.step, waiting.receipt?.missing_photos.length]).toEqual(['waiting', 1]);
    await deliver(waiting, transport, async () => {});
    expect(bodies.length).toBe(1);
    expect(pictures.size).toBe(2);
  });

  it('keeps each step before the next begins', async () => {
    const kept: string[] = [];
    const { transport } = server([]);
    await deliver(draft, transport, async (step) => {
      kept.push(`${step.delivery.step}:${step.receipt?.missing_photos.length ?? '-'}`);
    });
    expect(kept).toEqual(['sending:-', 'sending:2', 'sending:1', 'sending:0', 'received:0']);
  });

  it('waits for a new sign-in when the session has ended', async () => {
    const { transport } = server([{ ok: false, why: 'signed_out', retryAfterS: null }]);
    const waiting = await deliver(draft, transport, async () => {});
    expect(waiting.delivery).toMatchObject({ step: 'waiting', why: 'signed_out' });
    expect(isUnfinished(waiting)).toBe(true);
  });

  it('leaves a refused picture out, sends the rest and says why', async () => {
    const { transport, pictures } = server([null, { ok: false, why: 'refused', words: '不是照片', fields: [] }]);
    const sent = await deliver(draft, transport, async () => {});
    expect(sent.delivery).toEqual({ step: 'received' });
    expect(sent.notTaken).toEqual([{ sha256: 'a'.repeat(64), words: '不是照片' }]);
    expect([...pictures]).toEqual(['b'.repeat(64)]);
  });

  it('stops at a refusal and says why', async () => {
    const { transport } = server([{ ok: false, why: 'refused', words: '点位已销号', fields: [] }]);
    const refused = await deliver(draft, transport, async () => {});
    expect(refused.delivery).toMatchObject({ step: 'refused', words: '点位已销号' });
    expect(isUnfinished(refused)).toBe(false);
  });
});

describe('sending a whole queue', () => {
  const second: Draft = {
    ...draft,
    id: `${draft.id.slice(0, -1)}2`,
    siteId: 4,
    photos: [],
    writtenAt: '2026-11-21T02:00:00.000Z',
  };
  const waiting = (each: Draft): Draft => ({
    ...each,
    delivery: { step: 'waiting', why: 'network', retryAfterS: null },
  });
  const refused: Outcome<never> = { ok: false, why: 'refused', words: '点位已销号', fields: [] };

  it('takes all reports in one call, the one written first before the others, and sends no picture', async () => {
    const { transport, bodies, pictures } = server([]);
    const sent = await announce([draft, second].map(waiting), transport, async () => {});
    expect(sent.map(({ delivery, receipt }) => [delivery.step, receipt?.id])).toEqual([
      ['sending', draft.id],
      ['sending', second.id],
    ]);
    expect([bodies[0], bodies[1]?.slice(0, 36), pictures.size]).toEqual(['batch of 2', second.id, 0]);
  });

  it('keeps what was accepted when another is refused', async () => {
    const { transport } = server([null, refused]);
    const sent = await announce([draft, second].map(waiting), transport, async () => {});
    expect(sent.map(({ delivery }) => delivery.step)).toEqual(['sending', 'refused']);
  });

  it('leaves everything waiting when the line is dead, and to be sent one by one when the server knows no such call', async () => {
    const dead = await announce([draft, second].map(waiting), server([lost]).transport, async () => {});
    expect(dead.map(({ delivery }) => delivery.step)).toEqual(['waiting', 'waiting']);
    const old = await announce([draft, second].map(waiting), server([refused]).transport, async () => {});
    expect(old.map(({ delivery }) => delivery.step)).toEqual(['sending', 'sending']);
  });

  it('does not ask a picture of the phone that the phone has lost', async () => {
    const { transport, pictures } = server([]);
    const [first, ...rest] = photos;
    if (!first) throw new Error('no picture');
    const sent = await deliver(
      { ...draft, photos: [{ ...first, blob: null, kept: true, lost: true }, ...rest] },
      transport,
      async () => {},
    );
    expect([sent.delivery.step, sent.notTaken]).toEqual(['received', [{ sha256: first.sha256, words: LOST }]]);
    expect([...pictures]).toEqual(['b'.repeat(64)]);
  });
});
