-- How many sites were told of together: a group hears one line for all of them, and how many they are.

alter table deliveries add column sites integer not null default 1 check (sites > 0);
