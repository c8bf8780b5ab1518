-- Key sites (重点点位): the county keeps deciding about them for itself.
alter table sites add column key_site boolean not null default false;

-- The committee begins and ends adoptions too: then only one of the two is named.
alter table hand_overs
    alter column from_deputy_id drop not null,
    alter column to_deputy_id drop not null,
    add constraint hand_overs_somebody_check check (num_nonnulls(from_deputy_id, to_deputy_id) > 0) not valid;
alter table hand_overs validate constraint hand_overs_somebody_check;
