-- Likenesses of a picture and of what is left of it when its edges are cut off, the whole picture's first: along its rows and along its
-- columns, 64 bits each. Pictures that arrived before have none and are compared as a whole, as ever.
alter table photos add column windows_across bigint[] not null default '{}';
alter table photos add column windows_down bigint[] not null default '{}';
