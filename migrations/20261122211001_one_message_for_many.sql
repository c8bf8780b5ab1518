-- What one act tells one person about several sites leaves as one message: the first delivery carries the others, which fare as it does.

alter table deliveries add column carried_by bigint;
-- The transaction that told: only what was told together travels together.
alter table deliveries add column told_in xid8;
alter table deliveries alter column told_in set default pg_current_xact_id();
create index deliveries_carried_idx on deliveries (county_id, carried_by) where carried_by is not null;
