-- Every figure that keeps one person from acting alone is loosened by two, whichever way loosening it goes.
alter table county_setting_proposals
    alter column before type integer,
    alter column after type integer,
    drop constraint county_setting_proposals_check,
    add constraint county_setting_proposals_changes_check check (after <> before);
