-- A follower asks for what was written by the transactions that were still open, or not yet begun, when it last read.
create index change_log_written_by_idx on change_log (county_id, written_by);
