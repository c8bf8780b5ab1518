-- Rows with names are counted over a time that slides, not file by file: several small files are one large one.

alter table counties add column personal_export_hours smallint not null default 24 check (personal_export_hours between 1 and 720);
create index desk_exports_maker_idx on desk_exports (county_id, made_by, made_at);
