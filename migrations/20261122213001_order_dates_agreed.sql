-- The committee agrees to the date that a unit proposes: the order goes on waiting for its unit, until that date.
alter table order_steps drop constraint order_steps_kind_check;
alter table order_steps add constraint order_steps_kind_check
    check (kind in ('issued', 'reminded', 'raised', 'answered', 'accepted', 'date_agreed', 'sent_back', 'followed', 'withdrawn', 'lapsed')) not valid;
alter table order_steps validate constraint order_steps_kind_check;
