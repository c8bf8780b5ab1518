-- The theme of a group of deputies: the projects its members follow. A group may follow several, a project several groups.
create table deputy_group_projects (
    county_id       integer not null references counties,
    deputy_group_id bigint not null,
    project_id      bigint not null,
    primary key (county_id, deputy_group_id, project_id),
    foreign key (county_id, deputy_group_id) references deputy_groups on delete cascade,
    foreign key (county_id, project_id) references projects on delete cascade
);
create index deputy_group_projects_project_idx on deputy_group_projects (county_id, project_id);
