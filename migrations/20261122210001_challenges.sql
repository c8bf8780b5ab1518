-- Challenges (质疑): somebody who was there says that a pin is not so. No name, no telephone: only what they saw, and a secret with which they
-- look after it. Kept apart from residents' requests, which do carry persons.
create table challenges (
    county_id        integer not null references counties,
    challenge_id     bigint generated always as identity,
    site_id          bigint not null,
    -- Told with the secret; not in order, and no secret by itself.
    number           text not null check (number ~ '^[0-9A-HJKMNP-TV-Z]{8}$'),
    -- The secret itself is made from the client's key and a key outside of the database whenever the receipt is asked for again.
    secret_sha256    bytea not null check (length(secret_sha256) = 32),
    key_sha256       bytea not null check (length(key_sha256) = 32),
    -- Tells another content under the same key. Keyed, so that erased words cannot be guessed from it.
    content_mac      bytea not null check (length(content_mac) = 32),
    state            text not null default 'submitted'
                     check (state in ('submitted', 'accepted', 'founded', 'unfounded', 'declined', 'withdrawn')),
    seen             text check (seen in ('not_started', 'in_progress', 'completed')),
    words            text not null check (length(words) <= 500),
    position         geometry(Point, 4326),
    accuracy_m       real check (accuracy_m >= 0),
    distance_m       integer,
    submitted_at     timestamptz not null,
    settled_at       timestamptz,
    words_published  boolean not null default false,
    photos_published boolean not null default false,
    -- The words as the office wrote them for everybody; null: the visitor's own.
    edited_words     text check (length(edited_words) between 1 and 500),
    -- Why it was founded, unfounded or declined, for the visitor and, unless declined, for everybody.
    reason           text check (length(reason) between 1 and 500),
    consequence      text check (consequence in ('none', 'return_report', 'correct_stage', 'reopen')),
    erased_at        timestamptz,
    rev              bigint not null default 1,
    primary key (county_id, challenge_id),
    constraint challenges_number_key unique (county_id, number),
    constraint challenges_key_key unique (county_id, key_sha256),
    foreign key (county_id, site_id) references sites,
    check ((settled_at is not null) = (state in ('founded', 'unfounded', 'declined', 'withdrawn'))),
    check ((reason is not null) = (state in ('founded', 'unfounded', 'declined'))),
    check ((consequence is not null) = (state in ('founded', 'unfounded'))),
    check (state <> 'unfounded' or consequence = 'none'),
    -- Nothing of what is declined or withdrawn is shown to the public.
    check (state not in ('declined', 'withdrawn') or not (words_published or photos_published)),
    check (length(words) >= 5 or erased_at is not null),
    check (erased_at is null or (words = '' and position is null and edited_words is null and state in ('declined', 'withdrawn')))
);
create index challenges_site_idx on challenges (county_id, site_id, challenge_id desc);
create index challenges_open_idx on challenges (county_id, site_id) where state in ('submitted', 'accepted');
create index challenges_erasable_idx on challenges (settled_at) where state in ('declined', 'withdrawn') and erased_at is null;

-- Everything that happened to a challenge, for ever. A step is numbered by the challenge's revision, which its own row gives out.
create table challenge_steps (
    county_id    integer not null,
    challenge_id bigint not null,
    step         bigint not null check (step > 0),
    kind         text not null
                 check (kind in ('submitted', 'accepted', 'published', 'unpublished', 'declined', 'founded', 'unfounded', 'withdrawn')),
    at           timestamptz not null,
    -- Null when the visitor did it.
    account_id   bigint,
    -- Of the office alone: what the visitor wrote can be erased and is not repeated here.
    words        text not null default '' check (length(words) <= 500),
    primary key (county_id, challenge_id, step),
    foreign key (county_id, challenge_id) references challenges,
    foreign key (county_id, account_id) references accounts (county_id, account_id),
    check ((account_id is null) = (kind in ('submitted', 'withdrawn')))
);
create trigger challenge_steps_only_grow before update or delete on challenge_steps for each row execute function refuse_change();

-- The pictures that a challenge announced. One counts as arrived when whoever holds the secret has sent its very bytes: to name a picture
-- is not to have it.
create table challenge_photos (
    county_id           integer not null,
    challenge_id        bigint not null,
    place               smallint not null check (place between 1 and 3),
    sha256              bytea not null check (length(sha256) = 32),
    arrived_at          timestamptz,
    -- The earlier report, or the earlier challenge, that shows the same picture.
    reuses_report_id    uuid,
    reuses_challenge_id bigint,
    primary key (county_id, challenge_id, place),
    unique (county_id, challenge_id, sha256),
    foreign key (county_id, challenge_id) references challenges,
    foreign key (county_id, reuses_report_id) references reports (county_id, report_id),
    foreign key (county_id, reuses_challenge_id) references challenges
);
create index challenge_photos_sha256_idx on challenge_photos (county_id, sha256);

-- How many challenges a county has taken in on each day of its calendar.
create table challenge_days (
    county_id  integer not null references counties,
    day        date not null,
    challenges integer not null check (challenges >= 0),
    primary key (county_id, day)
);

-- A picture may come from somebody who has no account.
alter table photos alter column uploaded_by drop not null;
