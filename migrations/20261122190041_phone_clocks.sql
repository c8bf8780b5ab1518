-- How far a phone's clock was ahead of the server's when it sent a report, in seconds (behind when negative); null where the phone did not say.
-- Beside `written_at`, which stays what the phone believed, it is the evidence for the moment the report counts from.
alter table reports add column phone_ahead_s bigint;
