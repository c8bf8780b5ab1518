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

  static async as(login: string, browser: Browser, password = PASSWORD): Promise<Other> {
    const context = await browser.newContext();
    const other = new Other(context, context.request);
    await other.send('post', '/api/session', { login, password });
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

/** Makes a committee's account as the administrator, and takes it over as its owner, who sets a password of their own. */
export async function makeMember(browser: Browser, login: string, password: string, name = '周工'): Promise<void> {
  const admin = await Other.as('admin', browser);
  const { grants } = await admin.get<{ grants: { region: { code: string } }[] }>('/api/session');
  const given = `given-${crypto.randomUUID()}`;
  const rights = [{ role: 'committee', region: grants[0]?.region.code }];
  await admin.send('post', '/api/accounts', { login, name, password: given, grants: rights });
  await admin.leave();
  const owner = await Other.as(login, browser, given);
  await owner.send('post', '/api/session/password', { password });
  await owner.leave();
}

interface Figures {
  figures: Record<string, number>;
  rev: number;
  waiting: { id: number; setting: string; after: number }[];
}

/** Sets a figure of the county as the committee; one that lets one person do more is confirmed by another of its members. */
export async function setFigure(browser: Browser, name: string, value: number): Promise<void> {
  const committee = await Other.as('committee', browser);
  const path = '/api/county-settings';
  const asked = ({ waiting }: Figures) => waiting.find(({ setting, after }) => setting === name && after === value);
  const now = await committee.get<Figures>(path);
  if (now.figures[name] !== value) {
    const body = { figures: { ...now.figures, [name]: value }, reason: '试一试', rev: now.rev };
    const proposal = asked(now) ?? asked(await committee.send<Figures>('put', path, body));
    if (proposal) await confirmAsMember(browser, proposal.id);
  }
  await committee.leave();
}

async function confirmAsMember(browser: Browser, proposal: number): Promise<void> {
  const [login, password] = [`second-${Date.now()}`, crypto.randomUUID()];
  await makeMember(browser, login, password);
  const second = await Other.as(login, browser, password);
  await second.send('post', `/api/county-setting-proposals/${proposal}/confirm`, {});
  await second.leave();
}
