// What somebody has chosen for the review list on this machine: columns, map, single keys. A browser that keeps nothing shows the usual.
import { type Column, columnsOf } from './columns';

const NAME = 'review-list';

interface Choices {
  columns: Column[];
  map: boolean;
  keys: boolean;
}

export function readChoices(): Choices {
  const kept = parsed();
  const columns = Array.isArray(kept['columns']) ? kept['columns'].filter((name) => typeof name === 'string') : [];
  return { columns: columnsOf(columns), map: kept['map'] === true, keys: kept['keys'] !== false };
}

export function keepChoices(choices: Choices): void {
  try {
    localStorage.setItem(NAME, JSON.stringify(choices));
  } catch {
    // A browser without room or leave to keep it forgets it with the page.
  }
}

function parsed(): Record<string, unknown> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(NAME) ?? '{}');
    return kept !== null && typeof kept === 'object' ? (kept as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
