// The shape of each state of a challenge, the same wherever it is shown.
import type { ChallengeState } from '../api/wire';
import type { IconName } from '../ui/icons';

export const STATE_ICONS: Record<ChallengeState, IconName> = {
  submitted: 'clock',
  accepted: 'search',
  founded: 'warning',
  unfounded: 'check',
  declined: 'close',
  withdrawn: 'undo',
};
