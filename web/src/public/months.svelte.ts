// The months of the county's record and the one that is shown. What is shown changes only when the month's data is there, so that nothing
// flickers; a month's edition never changes, so it is read once.
import { readMapMonths, readMonthMap } from '../api/public_map';
import type { MapMonth, MonthMap } from '../api/wire';

let known = $state.raw<MapMonth[]>([]);
let shown = $state.raw<MonthMap | null>(null);
let fault = $state(false);
let wanted: string | null = null;
const editions = new Map<string, Promise<MonthMap>>();

/** One month's map, from here if it was read before. */
function edition(of: MapMonth): Promise<MonthMap> {
  const name = `${of.month}/${of.version}`;
  let read = editions.get(name);
  if (!read) {
    read = readMonthMap(of.month, of.version);
    editions.set(name, read);
    read.catch(() => editions.delete(name));
  }
  return read;
}

const find = (month: string) => known.find((each) => each.month === month && each.state !== 'live');

export const months = {
  /** The months of which there is a map, the earliest first, the open one last; empty until they were read. */
  get known(): readonly MapMonth[] {
    return known;
  },
  /** The past month that is shown; null for now. */
  get shown(): MonthMap | null {
    return shown;
  },
  /** The month asked for last could not be read; what is shown is the one before. */
  get fault(): boolean {
    return fault;
  },
  /** Reads which months there are. */
  async refresh(): Promise<void> {
    known = (await readMapMonths()).items.reverse();
  },
  /** Shows a month, or now. Resolves to false when there is no map of it; what was shown then stays. */
  async show(month: string | null): Promise<boolean> {
    wanted = month;
    fault = false;
    if (month === null) {
      shown = null;
      return true;
    }
    try {
      if (known.length === 0) await months.refresh();
      const found = find(month);
      if (!found) return false;
      const read = await edition(found);
      // The reader may have gone on meanwhile.
      if (wanted === month) shown = read;
    } catch {
      if (wanted === month) fault = true;
    }
    return true;
  },
  /** Reads every month, so that a year can be played without waiting. */
  async preload(): Promise<void> {
    if (known.length === 0) await months.refresh();
    await Promise.all(known.filter((each) => each.state !== 'live').map(edition));
  },
};
