-- A reminder is held back for a moment, in which whoever sent it can take it back. Both stay on record.
alter table reminders
    -- What was sent with one press.
    add column sending_id uuid,
    add column taken_back_at timestamptz;
create index reminders_sending_idx on reminders (county_id, sending_id) where sending_id is not null;

alter table notices
    add column sending_id uuid,
    -- From when its person finds it; null: at once.
    add column visible_from timestamptz,
    -- Taken back before anybody found it: it is never shown and never leaves the app.
    add column taken_back_at timestamptz,
    add constraint notices_taken_back_unseen_check check (taken_back_at is null or (visible_from is not null and taken_back_at < visible_from and read_at is null));
create index notices_sending_idx on notices (county_id, sending_id) where sending_id is not null;
