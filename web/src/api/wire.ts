// The shapes that travel between server and browser, under the names the front end uses for them. They are the server's own description
// (`schema.d.ts`, generated from docs/openapi.json); only what that description cannot say is said here.
import type { components } from './schema';

type Schemas = components['schemas'];

/** An answer as it arrives: every member is there, `null` where there is nothing, though the description calls such members optional. */
type Told<Shape> = Shape extends readonly (infer Item)[]
  ? Told<Item>[]
  : Shape extends object
    ? { [Member in keyof Shape]-?: Told<Exclude<Shape[Member], undefined>> }
    : Shape;

/** `Shape` with some members said more exactly. */
type Refined<Shape, Members> = Omit<Shape, keyof Members> & Members;

export interface Page<Item> {
  items: Item[];
  next: string | null;
}

export type Stage = Schemas['Stage'];
export type Named = Told<Schemas['Named']>;
export type RegionRef = Told<Schemas['RegionRef']>;
export type Position = Told<Schemas['Position']>;
export type Adopter = Told<Schemas['Adopter']>;

export type BasemapView = Told<Schemas['BasemapView']>;
export type CountyView = Refined<Told<Schemas['CountyView']>, { bounds: [number, number, number, number] }>;
export type SiteView = Told<Schemas['SiteView']>;
/** All sites, column by column. */
export type SiteColumns = Told<Schemas['SiteColumns']>;
export type SiteDetail = Told<Schemas['SiteDetail']>;
export type StageChange = Told<Schemas['StageChangeView']>;
export type Story = Told<Schemas['StoryView']>;
export type StoryMonth = Told<Schemas['StoryMonthView']>;
export type StoryEntry = Told<Schemas['EntryView']>;
export type ReportEntry = Extract<StoryEntry, { kind: 'report' }>;
export type StoryEvent = Exclude<StoryEntry, { kind: 'report' }>;
export type OrderStep = Extract<StoryEntry, { kind: 'order' }>['step'];
export type PlanChange = Told<Schemas['PlanChangeView']>;
/** A decision by which a site left the plan. */
export type Withdrawal = Told<Schemas['WithdrawalView']>;
export type LeftSite = Told<Schemas['LeftSite']>;
export type Lateness = Told<Schemas['Lateness']>;
export type Comparison = Told<Schemas['Comparison']>;
export type Contact = Told<Schemas['Contact']>;
export type Office = Told<Schemas['Office']>;
export type ReportView = Told<Schemas['ReportView']>;
export type PhotoView = Told<Schemas['PhotoView']>;
export type ProjectView = Told<Schemas['ProjectView']>;
export type RegionView = Refined<Told<Schemas['RegionView']>, { bounds: [number, number, number, number] | null }>;
export type MapMonth = Told<Schemas['MapMonth']>;
export type MonthMap = Told<Schemas['MonthMap']>;
export type StationView = Told<Schemas['StationView']>;
export type DeputyView = Told<Schemas['DeputyView']>;
export type SummaryView = Told<Schemas['Summary']>;
export type Figures = Told<Schemas['Figures']>;
export type ProgressView = Told<Schemas['Progress']>;
export type ProgressMonth = Told<Schemas['ProgressMonth']>;
export type GlossaryEntry = Told<Schemas['Entry']>;

/** A `site` event of `/api/events`, which a description of requests and answers does not cover. */
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

// ---- joining ----

/** Whom an invitation is for, as its holder sees it. */
export type InvitationShown = Told<Schemas['InvitationShown']>;
export type JoiningStanding = Schemas['Standing'];
export type JoiningView = Told<Schemas['JoiningView']>;
export type JoiningPage = Page<JoiningView> & { totals: Partial<Record<JoiningStanding, number>> };
/** A card as it is printed; without its link when the call was repeated. */
export type InvitationCard = Told<Schemas['InvitationCard']>;
/** An account's card. */
export type AccountCard = Told<Schemas['AccountCard']>;

// ---- the duty record ----

export type CountySettings = Told<Schemas['CountySettingsView']>;
export type CountyFigures = CountySettings['figures'];
export type DutyRule = Told<Schemas['RuleView']>;
export type DutyCause = Schemas['Cause'];
export type Inspection = Told<Schemas['InspectionView']>;
export type DutyRecord = Refined<Told<Schemas['DutyRecord']>, { items: Inspection[]; rules: DutyRule[] }>;
export type DutyContest = Told<Schemas['ContestLine']>;

// ---- signed in ----

export type Role = Schemas['Role'];
export type GrantView = Told<Schemas['GrantView']>;
export type SessionView = Told<Schemas['SessionView']>;
export type OwedSite = Told<Schemas['OwedSite']>;
export type OwedSites = Told<Schemas['OwedSites']>;
export type LateMonth = Told<Schemas['LateMonth']>;
export type NoticeView = Told<Schemas['NoticeView']>;
export type NoticeKind = Schemas['NoticeKind'];
export type NoticePreferences = Told<Schemas['Preferences']>;
export type NoticePreference = NoticePreferences['items'][number];
export type Channel = Schemas['Channel'];
export type DeliveryState = Schemas['DeliveryState'];
export type DeliveryView = Told<Schemas['DeliveryView']>;
export type DeliveriesPage = Page<DeliveryView> & { totals: Partial<Record<DeliveryState, number>>; open: Channel[] };
/** A report kept since before months could be named has none, and stays as it was. */
export type NewReport = Refined<Told<Schemas['ReportBody']>, { month?: string }>;
export type ReportReceipt = Told<Schemas['Receipt']>;
export type OfferedSite = Told<Schemas['OfferedSite']>;
export type ColleaguesSite = Told<Schemas['ColleaguesSiteView']>;
export type AdoptionView = Told<Schemas['AdoptionView']>;
export type BatchResult = Told<Schemas['BatchResult']>;
export type BatchResults = Told<Schemas['BatchResults']>;
export type CameBy = Schemas['CameBy'];
export type StrikeOffProposal = Told<Schemas['ProposalView']>;
export type StrikeOffProposals = Told<Schemas['Proposals']>;
export type NewChallenge = Told<Schemas['NewChallenge']>;
export type ChallengeReceipt = Told<Schemas['ChallengeReceipt']>;
export type ChallengeState = Schemas['ChallengeState'];
export type ChallengeStep = Told<Schemas['ChallengeStep']>;
/** A challenge as whoever sent it sees it. */
export type OwnChallenge = Told<Schemas['OwnChallenge']>;
/** As everybody sees it: words and pictures only once the office has cleared them. */
export type PublicChallenge = Told<Schemas['PublicChallengeView']>;
/** A visitor's challenge on the desk. */
export type DeskChallenge = Told<Schemas['DeskChallenge']>;
export type Challenges = Told<Schemas['Challenges']>;
export type Consequence = Schemas['Consequence'];
export type ReviewReason = Schemas['ReasonCode'];
export type ReviewRow = Refined<
  Told<Schemas['ReviewRow']>,
  { reasons: Refined<Told<Schemas['Reason']>, { figures: Record<string, unknown> }>[] }
>;
export type ReviewPage = Page<ReviewRow> & { totals: Partial<Record<ReviewReason, number>> };
export type SiteFile = Told<Schemas['SiteFile']>;
export type PhotoEvidence = Told<Schemas['PhotoEvidence']>;
export type RowOutcome = Told<Schemas['RowOutcome']>;
export type RowOutcomes = Told<Schemas['RowOutcomes']>;
export type RankRule = Told<Schemas['RankRule']>;
export type ReviewOutline = Refined<Told<Schemas['ReviewOutline']>, { totals: Partial<Record<ReviewReason, number>> }>;
/** Whom an act on some sites would reach. */
export type Recipients = Told<Schemas['Recipients']>;
export type SavedView = Told<Schemas['SavedView']>;
export type SavedViews = Told<Schemas['SavedViews']>;
/** A supervision order as it is told of a site. */
export type OrderStory = Told<Schemas['OrderStory']>;
/** A supervision order on the desk. */
export type OrderView = Told<Schemas['OrderView']>;
export type Orders = Told<Schemas['Orders']>;
/** A unit to which orders may go, with how many accounts can answer for it. */
export type Addressee = Told<Schemas['AddresseeView']>;
export type WantedList = Schemas['WantedList'];
export type DeskExport = Told<Schemas['DeskExport']>;
/** A file that waits for a second person, or waited lately. */
export type WaitingFile = Told<Schemas['WaitingFile']>;
export type RemindersSent = Told<Schemas['RemindersSent']>;
export type Cockpit = Told<Schemas['Cockpit']>;
export type CockpitPart = Told<Schemas['CockpitPart']>;
export type CockpitRow = Told<Schemas['CockpitRow']>;
export type Reached = Told<Schemas['Reached']>;
export type MissingReminded = Told<Schemas['MissingReminded']>;
export type MonthException = Told<Schemas['ExceptionView']>;
export type MonthCorrection = Told<Schemas['MonthCorrectionView']>;
/** What is planned, as the desk mends it. */
export type PlanView = Told<Schemas['PlanView']>;
export type PlannedProject = PlanView['projects'][number];
export type PlannedUnit = PlanView['units'][number];
/** Where a written position lies. */
export type Located = Told<Schemas['LocatedView']>;
export type Offer = Told<Schemas['OfferView']>;
/** The theme of one's group of deputies. */
export type GroupTheme = Told<Schemas['GroupTheme']>;
export type ThemeSite = GroupTheme['items'][number];
export type Pressure = ThemeSite['pressure'];
export type DutyYears = Told<Schemas['DutyYears']>;
export type DutyYearRow = DutyYears['items'][number];
export type ReinstatedDeputy = Told<Schemas['ReinstatedDeputy']>;
export type StandingOffer = Told<Schemas['StandingOfferView']>;
export type AdoptionRecord = Told<Schemas['AdoptionRecord']>;
export type HandOver = Told<Schemas['HandOverView']>;
/** Who is kept on the roster, as the desk sees it. */
export type RosterDeputy = Told<Schemas['RosterDeputy']>;
/** A deputy's whole telephone number, told once. */
export type WholePhone = Told<Schemas['WholePhone']>;
/** What a new password must be. */
export type PasswordRules = Told<Schemas['PasswordRules']>;
export type RosterGroup = Told<Schemas['RosterGroup']>;
export type RosterStation = Told<Schemas['RosterStation']>;
export type Term = Told<Schemas['TermView']>;
export type TermDeputy = Told<Schemas['TermDeputy']>;
export type TermAdoption = Told<Schemas['TermAdoption']>;
export type TermPreview = Told<Schemas['TermPreview']>;
/** A name that a region had. */
export type MergerPreview = Told<Schemas['MergerPreview']>;
export type RegionMerger = Told<Schemas['MergerView']>;
export type FormerName = Told<Schemas['FormerName']>;
export type ReportingMonthView = Told<Schemas['ReportingMonthView']>;

/** A GeoJSON area. */
export interface Area {
  type: 'MultiPolygon';
  coordinates: [number, number][][][];
}
/** An outline that an import would make or change. */
export type ImportOutline = Refined<Told<Schemas['OutlineView']>, { before: Area | null; after: Area }>;
export type ImportOutlines = Refined<Told<Schemas['ImportOutlines']>, { outlines: ImportOutline[] }>;
export type ImportFinding = Told<Schemas['FindingView']>;
/** One row of a file as it would be stored. */
export type ImportRow = Refined<Told<Schemas['PreviewRow']>, { position: [number, number] | null }>;
/** An import in the list of earlier ones. */
export type ImportLine = Told<Schemas['ImportLineView']>;
export type ImportView = Refined<Told<Schemas['ImportView']>, { preview: ImportRow[] }>;
