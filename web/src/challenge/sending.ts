// A challenge on its way: what an answer means for it, and its pictures one by one. What nobody answered may have arrived, so it is sent
// again as it was; what was refused may be changed.
import { sendChallengePhoto, submitChallenge } from '../api/challenges';
import { ApiProblem, unreachable } from '../api/problem';
import type { ChallengeReceipt } from '../api/wire';
import type { Draft, Kept } from './draft';
import { findPicture, forgetPicture, keepReceipt } from './shelf';

const UNANSWERED = new Set([0, 408, 500, 502, 503, 504]);

export type Outcome =
  | { kind: 'received'; receipt: ChallengeReceipt }
  | { kind: 'unanswered' | 'refused'; problem: ApiProblem };

/** Sends a frozen draft once. */
export async function send(draft: Draft): Promise<Outcome> {
  if (!draft.sent) throw new Error('only what is frozen is sent');
  try {
    return { kind: 'received', receipt: await submitChallenge(draft.siteId, draft.sent, draft.key) };
  } catch (thrown) {
    const problem = problemOf(thrown);
    return { kind: isUnanswered(problem) ? 'unanswered' : 'refused', problem };
  }
}

/** Sends the pictures that wait; stops at the first that nobody answers for. Each step is kept, so that a reload goes on from there. */
export async function sendPictures(kept: Kept, told: (kept: Kept) => void): Promise<ApiProblem | null> {
  let now = kept;
  for (const sha256 of kept.waiting) {
    const picture = await findPicture(sha256);
    try {
      // One that this browser has lost can come from nowhere else.
      if (picture) await sendChallengePhoto(kept.number, kept.secret, sha256, picture.blob);
      now = { ...now, waiting: now.waiting.filter((each) => each !== sha256) };
    } catch (thrown) {
      const problem = problemOf(thrown);
      if (isUnanswered(problem) || problem.status === 429) return problem;
      const refused = [...now.refused, { sha256, words: problem.message }];
      now = { ...now, waiting: now.waiting.filter((each) => each !== sha256), refused };
    }
    await keepReceipt(now);
    await forgetPicture(sha256);
    told(now);
  }
  return null;
}

/** The time of day from which it may be tried again, as this device's clock shows it; null when nothing was said. */
export function againAt(problem: ApiProblem, now: Date = new Date()): string | null {
  if (problem.status !== 429 || problem.retryAfterS === null) return null;
  const at = new Date(now.getTime() + problem.retryAfterS * 1000 + 59_000);
  const two = (value: number) => String(value).padStart(2, '0');
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return at.toDateString() === now.toDateString() ? time : `${at.getMonth() + 1}-${two(at.getDate())} ${time}`;
}

function isUnanswered(problem: ApiProblem): boolean {
  // Another attempt under the same key is still being answered.
  return UNANSWERED.has(problem.status) || problem.code === 'busy';
}

function problemOf(thrown: unknown): ApiProblem {
  return thrown instanceof ApiProblem ? thrown : unreachable();
}
