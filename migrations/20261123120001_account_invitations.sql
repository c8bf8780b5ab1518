-- An invitation may be an account's instead of a deputy's: the administrator hands it to whoever works at the desk.
alter table invitations
    alter column deputy_id drop not null,
    add column account_id bigint,
    -- What must be known beside the card: the telephone number on record, or the account's login, which then stands on no card.
    add column asks_for text not null default 'phone' constraint invitations_asks_for_check check (asks_for in ('phone', 'login')),
    add constraint invitations_account_fkey foreign key (county_id, account_id) references accounts (county_id, account_id),
    add constraint invitations_one_owner_check check ((deputy_id is null) <> (account_id is null)),
    add constraint invitations_asks_account_check check (asks_for = 'phone' or account_id is not null);
create unique index invitations_open_account_key on invitations (county_id, account_id) where used_at is null and revoked_at is null;
create index invitations_account_idx on invitations (county_id, account_id, invitation_id desc) where account_id is not null;
