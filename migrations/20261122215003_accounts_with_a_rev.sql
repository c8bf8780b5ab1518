-- Two administrators do not change one account past each other.
alter table accounts add column account_rev bigint not null default 1;
