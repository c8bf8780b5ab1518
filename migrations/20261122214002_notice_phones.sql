-- The telephone number at which an account hears its notices, given by its person or the administrator. It goes when the account ends.
-- A deputy without one hears them at the number that the roster has.
create table notice_phones (
    county_id  integer not null,
    account_id bigint not null,
    phone      text not null check (phone ~ '^1[0-9]{10}$'),
    given_by   bigint not null,
    given_at   timestamptz not null,
    primary key (county_id, account_id),
    foreign key (county_id, account_id) references accounts (county_id, account_id),
    foreign key (county_id, given_by) references accounts (county_id, account_id)
);
