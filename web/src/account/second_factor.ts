/** What the server says of second factors and of sign-ins under way. */
import type { SessionView } from '../api/wire';

export interface NextStep {
  step: 'code' | 'new_password' | 'new_factor';
  until: string;
  login: string;
}

export interface NewFactor {
  secret: string;
  address: string;
  qr: { side: number; path: string };
}

export interface FactorStanding {
  since: string | null;
  recovery_codes_left: number;
  required: boolean;
}

/** Whether something is still asked for before the session begins. */
export function isStep(answer: SessionView | NextStep): answer is NextStep {
  return 'step' in answer;
}
