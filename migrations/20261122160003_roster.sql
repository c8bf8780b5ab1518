-- Deputies, groups and stations as the desk keeps them. A deputy who leaves stays with what they did. The names are none that a running
-- server's queries already use of a table beside these.
alter table deputies
    add column entry_rev    bigint not null default 1,
    -- The first day as a deputy; unknown for those who were here before it was noted.
    add column joined_on    date,
    -- The first day on which they are a deputy no longer, and the instant at which it begins in the county: from then on their account gives
    -- no right as a deputy.
    add column left_on      date,
    add column left_at      timestamptz,
    add column left_because text check (left_because in ('term_ended', 'resigned', 'moved', 'dismissed', 'died', 'other')),
    add constraint deputies_left_check check (num_nonnulls(left_on, left_at, left_because) in (0, 3));
alter table deputy_groups add column entry_rev bigint not null default 1;
alter table stations add column closed_on date;
