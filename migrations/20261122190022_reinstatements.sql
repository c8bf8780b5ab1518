-- Deputies whose leaving was entered by mistake: what was entered, and by whom and why it was taken back.
create table deputy_reinstatements (
    county_id        integer not null,
    reinstatement_id bigint generated always as identity,
    deputy_id        bigint not null,
    left_on          date not null,
    left_because     text not null,
    reason           text not null check (length(reason) between 1 and 300),
    account_id       bigint not null references accounts,
    at               timestamptz not null,
    primary key (county_id, reinstatement_id),
    foreign key (county_id, deputy_id) references deputies
);
create index deputy_reinstatements_deputy_idx on deputy_reinstatements (county_id, deputy_id);
create trigger deputy_reinstatements_only_grow before update or delete on deputy_reinstatements for each row execute function refuse_change();
