-- Two machines of one account do not write over each other's saved views.
alter table review_views add column rev bigint not null default 1;
