// What somebody else does meanwhile, past the phone or the desk that a journey is about.
import type { APIRequestContext, Browser, BrowserContext } from '@playwright/test';
import { PASSWORD } from './deputy_app';
import { serverAddress } from './deputy_line';
import { expect } from './journey';

interface Site {
  rev: number;
  stage: string;
  adopters: { id: number }[];
}

/** Somebody else who is signed in, at a desk or on a phone of their own. */
export class Other {
  private constructor(
    private readonly context: BrowserContext,
    private readonly request: APIRequestContext,
  ) {}

  static async as(login: string, browser: Browser): Promise<Other> {
    const context = await browser.newContext();
    const other = new Other(context, context.request);
    await other.send('post', '/api/session', { login, password: PASSWORD });
    return other;
  }

  async send<Answer>(method: 'post' | 'put', path: string, data: object | Buffer): Promise<Answer> {
    const headers = { origin: serverAddress(), 'idempotency-key': crypto.randomUUID() };
    const answer = await this.request[method](`${serverAddress()}${path}`, { data, headers });
    expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
    return (await answer.json().catch(() => ({}))) as Answer;
  }

  async get<Answer>(path: string): Promise<Answer> {
    return (await (await this.request.get(`${serverAddress()}${path}`)).json()) as Answer;
  }

  site(id: number): Promise<Site> {
    return this.get<Site>(`/api/sites/${id}`);
  }

  /** The deputy as whom they are signed in. */
  async deputyId(): Promise<number> {
    const { grants } = await this.get<{ grants: { deputy: { id: number } | null }[] }>('/api/session');
    return grants.find(({ deputy }) => deputy)?.deputy?.id ?? 0;
  }

  async leave(): Promise<void> {
    await this.context.close();
  }
}

/** Who adopts the site from now on, as the committee says. */
export async function reassign(desk: Other, site: number, from: number | null, to: number | null): Promise<void> {
  const { rev } = await desk.site(site);
  const body = { from_deputy_id: from, to_deputy_id: to, reason: 'other', words: '分工调整', rev };
  await desk.send('post', `/api/sites/${site}/adopters`, body);
}
