// The shapes that travel between server and browser, under the names the front end uses for them.

export type Stage = 'not_started' | 'in_progress' | 'completed';

export interface Page<Item> {
  items: Item[];
  next: string | null;
}

export interface Named {
  id: number;
  name: string;
}

export interface RegionRef {
  code: string;
  name: string;
}

export interface ProjectRef {
  id: number;
  number: number;
  title: string;
}

export interface Position {
  lon: number;
  lat: number;
}

export interface CountyView {
  code: string;
  name: string;
  is_demo: boolean;
  time_zone: string;
  today: string;
  month: string;
  bounds: [number, number, number, number];
  stale_days: number;
  off_site_m: number;
  attribution: string | null;
  review_number: string | null;
  icp_number: string | null;
  police_number: string | null;
  data_as_of: string;
}

export interface SiteView {
  id: number;
  code: string;
  name: string;
  address: string | null;
  project: ProjectRef;
  region: RegionRef;
  position: Position;
  stage: Stage;
  percent: number;
  start_overdue: boolean;
  finish_overdue: boolean;
  silent: boolean;
  stale: boolean;
  struck_off_on: string | null;
  planned_start_on: string | null;
  planned_finish_on: string | null;
  unit: Named | null;
  last_report_at: string | null;
  rev: number;
}

export interface Adopter {
  id: number;
  name: string;
  constituency: string | null;
}

export interface SiteDetail extends SiteView {
  quota: string | null;
  people_served: number | null;
  remarks: string | null;
  original_planned_start_on: string | null;
  original_planned_finish_on: string | null;
  adopters: Adopter[];
}

export interface StageChange {
  at: string;
  from_stage: Stage | null;
  to_stage: Stage;
  percent: number;
  cause: string;
  report_id: string | null;
  reason: string | null;
  by: string | null;
}

export interface PhotoView {
  sha256: string;
  url: string;
  thumbnail_url: string;
  width: number;
  height: number;
  missing: boolean;
}

export interface ReportView {
  id: string;
  site_id: number;
  month: string;
  deputy: Named;
  stage: Stage;
  percent: number;
  words: string;
  problems: string[];
  photos: PhotoView[];
  missing_photos: string[];
  written_at: string;
  received_at: string;
  late: boolean;
  off_site: boolean;
  distance_m: number | null;
  step_back: boolean;
  step_back_reason: string | null;
  reused_photo: boolean;
  state: 'standing' | 'amended' | 'returned';
  version: number;
  returned_at: string | null;
  return_reason: string | null;
}

export interface Counts {
  sites: number;
  completed: number;
  in_progress: number;
  not_started: number;
  overdue_red: number;
  overdue_yellow: number;
  silent: number;
  struck_off: number;
}

export interface ProjectView extends ProjectRef {
  year: number;
  lead_unit: Named | null;
  counts: Counts;
}

export interface RegionView extends RegionRef {
  counts: Counts;
}

export interface StationView {
  id: number;
  code: string;
  name: string;
  kind: 'home' | 'station' | 'point' | 'window' | 'post' | 'mobile';
  integrity_monitoring: boolean;
  region: RegionRef;
  address: string | null;
  telephone: string | null;
  opening_hours: string | null;
  position: Position;
  distance_m?: number;
}

export interface GridCellView {
  id: number;
  code: string;
  name: string;
  region: RegionRef;
}

export interface DeputyView {
  id: number;
  name: string;
  level: string;
  constituency: string | null;
  region: RegionRef;
  group: Named | null;
  station: Named | null;
  sites: number;
}

export interface SummaryView {
  as_of: string;
  month: string;
  state: 'live' | 'provisional' | 'final';
  totals: Counts;
  projects: { project: ProjectRef; counts: Counts }[];
  regions: { region: RegionRef; counts: Counts }[];
  owed: number;
  received: number;
  on_time: number;
}

export interface SiteEvent {
  id: number;
  stage: Stage;
  overdue: boolean;
  rev: number;
  percent: number;
  struck_off: boolean;
  stale: boolean;
  silent: boolean;
}

/** Work late: the second mark beside the colour. */
export function isOverdue(site: Pick<SiteView, 'start_overdue' | 'finish_overdue'>): boolean {
  return site.start_overdue || site.finish_overdue;
}

// ---- signed in ----

export type Role =
  | 'deputy'
  | 'station_keeper'
  | 'working_committee'
  | 'committee'
  | 'unit_handler'
  | 'administrator'
  | 'auditor';

export interface GrantView {
  role: Role;
  region: RegionRef;
  deputy: Named | null;
  unit: Named | null;
  station: Named | null;
}

export interface SessionView {
  account: { id: number; login: string; name: string };
  grants: GrantView[];
  expires_at: string;
}

export interface OwedSite {
  site: SiteView;
  adopted_on: string;
  state: 'owed' | 'reported' | 'returned' | 'struck_off';
  report: ReportView | null;
  previous: ReportView | null;
  reminded_at: string | null;
}

export interface OwedSites extends Page<OwedSite> {
  month: string;
  closes_at: string;
  today: string;
}

export interface NoticeView {
  id: string;
  kind: string;
  site: { id: number; code: string; name: string } | null;
  words: string;
  created_at: string;
  read_at: string | null;
}

export interface NewReport {
  site_id: number;
  stage: Stage;
  percent: number;
  words: string;
  problems: string[];
  photos: string[];
  written_at: string;
  position: (Position & { accuracy_m: number }) | null;
  step_back_reason: string | null;
}

export interface ReportReceipt {
  id: string;
  received_at: string;
  month: string;
  stage: Stage;
  late: boolean;
  missing_photos: string[];
  version: number;
  off_site: boolean;
  distance_m: number | null;
  clock_doubted: boolean;
  step_back: boolean;
}

export type ReviewReason =
  | 'overdue_red'
  | 'overdue_yellow'
  | 'silent'
  | 'disagreement'
  | 'off_site'
  | 'reused_photo'
  | 'step_back';

export interface ReviewRow {
  site_id: number;
  rank: number;
  score: number;
  site: SiteView;
  adopters: Adopter[];
  people_served: number | null;
  /** Points for the people served; together with the reasons' points they make the score. */
  people_points: number;
  reasons: { code: ReviewReason; since: string; days: number; points: number; figures: Record<string, unknown> }[];
  reminders: number;
  last_reminded_at: string | null;
}

export interface ReviewPage extends Page<ReviewRow> {
  totals: Partial<Record<ReviewReason, number>>;
}

export interface ReportingMonthView {
  month: string;
  state: 'open' | 'provisional' | 'final';
  closes_at: string;
  owed: number;
  received: number;
  on_time: number;
}

export interface ImportFinding {
  severity: 'error' | 'warning' | 'note';
  code: string;
  sheet: string;
  row: number | null;
  column: string;
  value: string;
  message: string;
}

/** One row of a file as it would be stored. */
export interface ImportRow {
  sheet: string;
  row: number;
  change: 'new' | 'changed' | 'unchanged';
  code: string;
  name: string;
  /** The project, kind or level it belongs to. */
  group: string;
  region: string;
  position: [number, number] | null;
  differences: { field: string; before: string; after: string }[];
}

/** An import in the list of earlier ones. */
export type ImportLine = Omit<ImportView, 'columns' | 'findings' | 'preview'>;

export interface ImportView {
  id: string;
  kind: string;
  file_name: string;
  created_at: string;
  confirmed_at: string | null;
  undone_at: string | null;
  rows: number;
  new: number;
  changed: number;
  unchanged: number;
  can_confirm: boolean;
  columns: { header: string; meaning: string }[];
  findings: ImportFinding[];
  preview: ImportRow[];
}
