-- What staff enter for somebody who cannot: a report for a deputy, an answer for a unit. account_id says who entered it.
alter table reports
    -- How the deputy's words came; null when the deputy sent the report.
    add column came_by text check (came_by in ('telephone', 'paper', 'in_person')),
    -- Returned because the deputy said that these were not their words.
    add column objected boolean not null default false,
    add constraint reports_objected_check check (not objected or (state = 'returned' and came_by is not null)) not valid;
alter table reports validate constraint reports_objected_check;

alter table order_steps
    -- How the unit's words came; null when the unit answered.
    add column came_by text check (came_by in ('telephone', 'paper', 'in_person')),
    add constraint order_steps_for_unit_check check (came_by is null or (kind = 'answered' and account_id is not null)) not valid;
alter table order_steps validate constraint order_steps_for_unit_check;
