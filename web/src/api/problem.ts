// The one error a caller of the API can meet: the server's problem+json, or the server not being reachable.
import { t } from '../i18n/shared';

export interface FieldProblem {
  field: string;
  code: string;
  message: string;
}

export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** The stable word to decide by, e.g. `rev_mismatch`; `unreachable` when no answer came. */
  readonly code: string;
  readonly fields: FieldProblem[];
  readonly requestId: string | null;
  /** Seconds the server asks to wait, from `Retry-After`. */
  readonly retryAfterS: number | null;
  /** The whole body, for members that belong to one code only (such as the current `rev`). */
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, body: Record<string, unknown>, retryAfter: string | null = null) {
    super(sentence(body));
    this.status = status;
    this.code = typeof body['code'] === 'string' ? body['code'] : 'unknown';
    this.fields = Array.isArray(body['fields']) ? (body['fields'] as FieldProblem[]) : [];
    this.requestId = typeof body['request_id'] === 'string' ? body['request_id'] : null;
    this.retryAfterS = retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : null;
    this.body = body;
  }

  /** The message for one field, if the server found fault with it. */
  field(name: string): string | undefined {
    return this.fields.find((problem) => problem.field === name)?.message;
  }
}

function sentence(body: Record<string, unknown>): string {
  for (const member of [body['detail'], body['title']]) if (typeof member === 'string' && member) return member;
  return t('problem.unknown');
}

/** No answer came: off-line, refused, or cut. */
export function unreachable(): ApiProblem {
  return new ApiProblem(0, { code: 'unreachable', detail: t('problem.unreachable') });
}

/** What to show a person for anything that was thrown. */
export function problemWords(thrown: unknown): string {
  return thrown instanceof ApiProblem ? thrown.message : t('problem.unknown');
}
