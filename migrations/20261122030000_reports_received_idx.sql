-- The county's feed of changes begins with the reports received last.
create index reports_received_idx on reports (county_id, received_at desc);
