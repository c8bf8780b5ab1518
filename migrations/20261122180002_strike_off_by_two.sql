-- Striking off by two persons, as a setting of the county: one proposes, another confirms.
alter table counties add column strike_off_persons smallint not null default 1 check (strike_off_persons between 1 and 2);

create table strike_off_proposals (
    county_id   integer not null references counties,
    proposal_id bigint generated always as identity,
    site_id     bigint not null,
    note        text not null check (length(note) between 1 and 500),
    proposed_by bigint not null references accounts,
    proposed_at timestamptz not null,
    state       text not null default 'pending' check (state in ('pending', 'confirmed', 'withdrawn')),
    settled_by  bigint references accounts,
    settled_at  timestamptz,
    -- Why it was withdrawn or refused.
    settled_words text not null default '' check (length(settled_words) <= 500),
    primary key (county_id, proposal_id),
    foreign key (county_id, site_id) references sites,
    check ((state = 'pending') = (settled_by is null and settled_at is null)),
    constraint strike_off_proposals_two_check check (state <> 'confirmed' or settled_by <> proposed_by)
);
create unique index strike_off_proposals_pending_key on strike_off_proposals (county_id, site_id) where state = 'pending';

-- Whatever the program does: where two are wanted, no site is struck off that one proposed and another did not confirm just now.
create function strike_off_needs_two() returns trigger language plpgsql as $$
begin
    if (select strike_off_persons > 1 from counties where county_id = new.county_id)
       and not exists (select from strike_off_proposals
                       where county_id = new.county_id and site_id = new.site_id and state = 'confirmed'
                         and settled_by = new.struck_off_by and settled_at = new.struck_off_at) then
        raise exception 'site % is struck off by one person only', new.site_id
            using errcode = 'integrity_constraint_violation', constraint = 'sites_struck_off_by_two';
    end if;
    return new;
end $$;
create trigger sites_struck_off_by_two before update of struck_off_on on sites
    for each row when (old.struck_off_on is null and new.struck_off_on is not null) execute function strike_off_needs_two();
