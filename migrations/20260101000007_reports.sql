-- A picture's bytes lie in the picture store under (county, sha256); the row exists only when the file is safely there.
create table photos (
    county_id    integer not null references counties,
    -- SHA-256 of the bytes as the phone sent them: the name under which a phone asks whether they arrived.
    sha256       bytea not null check (length(sha256) = 32),
    uploaded_by  bigint not null references accounts,
    received_at  timestamptz not null,
    width        integer not null check (width > 0),
    height       integer not null check (height > 0),
    -- Evidence read from the picture before it was encoded anew; never published.
    taken_at     text,
    taken_at_place geometry(Point, 4326),
    -- 64-bit difference hash, for pictures used again after re-saving or resizing.
    likeness     bigint not null,
    primary key (county_id, sha256)
);

create table reports (
    county_id         integer not null references counties,
    -- Made by the phone (UUIDv7), so that sending twice leaves one report.
    report_id         uuid not null,
    -- SHA-256 of the canonical body: the same id with other content is refused.
    body_hash         bytea not null check (length(body_hash) = 32),
    site_id           bigint not null,
    deputy_id         bigint not null,
    account_id        bigint not null references accounts,
    -- First day of the reporting month it counts for.
    month             date not null check (extract(day from month) = 1),
    stage             text not null check (stage in ('not_started', 'in_progress', 'completed')),
    percent           smallint not null check (percent between 0 and 100),
    words             text not null check (length(words) <= 2000),
    problems          text[] not null default '{}',
    step_back_reason  text check (length(step_back_reason) <= 500),
    written_at        timestamptz not null,
    received_at       timestamptz not null,
    -- The moment that decided the month: written_at when it can be believed, otherwise received_at.
    counted_at        timestamptz not null,
    clock_doubted     boolean not null default false,
    -- Came after the month had closed.
    late              boolean not null default false,
    position          geometry(Point, 4326),
    accuracy_m        real check (accuracy_m >= 0),
    distance_m        integer,
    off_site          boolean not null default false,
    reused_photo      boolean not null default false,
    step_back         boolean not null default false,
    -- 'standing' counts; 'amended' was replaced by its author; 'returned' was sent back by the committee.
    state             text not null default 'standing' check (state in ('standing', 'amended', 'returned')),
    version           smallint not null default 1 check (version > 0),
    returned_at       timestamptz,
    returned_by       bigint references accounts,
    return_reason     text,
    primary key (county_id, report_id),
    foreign key (county_id, site_id) references sites,
    foreign key (county_id, deputy_id) references deputies,
    check ((state = 'returned') = (returned_at is not null and returned_by is not null and length(return_reason) > 0))
);
-- The business rule, kept by the database: one standing report for each adopter, site and month.
create unique index reports_standing_key on reports (county_id, deputy_id, site_id, month) where state = 'standing';
create index reports_site_idx on reports (county_id, site_id, counted_at desc);
create index reports_month_idx on reports (county_id, month);

create table report_photos (
    county_id integer not null,
    report_id uuid not null,
    place     smallint not null check (place between 1 and 9),
    -- Announced by the report; the picture itself may arrive later.
    sha256    bytea not null check (length(sha256) = 32),
    -- An earlier report's picture that this one repeats.
    reuses_report_id uuid,
    primary key (county_id, report_id, place),
    unique (county_id, report_id, sha256),
    foreign key (county_id, report_id) references reports
);
create index report_photos_sha256_idx on report_photos (county_id, sha256);

-- Every change of a site's stage, for ever, with its cause. The stage at any past moment is the last row before it.
create table stage_changes (
    county_id  integer not null references counties,
    change_id  bigint generated always as identity,
    site_id    bigint not null,
    at         timestamptz not null,
    from_stage text not null,
    to_stage   text not null check (to_stage in ('not_started', 'in_progress', 'completed')),
    percent    smallint not null,
    cause      text not null check (cause in ('report', 'return', 'correction')),
    report_id  uuid,
    account_id bigint references accounts,
    reason     text not null default '',
    primary key (county_id, change_id),
    foreign key (county_id, site_id) references sites,
    foreign key (county_id, report_id) references reports,
    check ((cause in ('report', 'return')) = (report_id is not null)),
    check (cause <> 'correction' or length(reason) > 0)
);
create index stage_changes_site_idx on stage_changes (county_id, site_id, change_id);
create trigger stage_changes_only_grow before update or delete on stage_changes for each row execute function refuse_change();

-- A stage moves only by an update that names the stage it comes from and leaves a row in stage_changes in the same transaction.
create function site_stage_has_cause() returns trigger language plpgsql as $$
begin
    if new.stage is distinct from (select to_stage from stage_changes
                     where county_id = new.county_id and site_id = new.site_id order by change_id desc limit 1) then
        raise exception 'the stage of site % has no cause', new.site_id using errcode = 'integrity_constraint_violation';
    end if;
    return null;
end $$;
create constraint trigger sites_stage_has_cause after update of stage on sites
    deferrable initially deferred for each row when (old.stage is distinct from new.stage) execute function site_stage_has_cause();
create constraint trigger sites_first_stage_has_cause after insert on sites
    deferrable initially deferred for each row when (new.stage <> 'not_started') execute function site_stage_has_cause();
