-- Orders that end without an answer: withdrawn with a reason, or lapsed because every site they are about was struck off or withdrawn.
alter table supervision_orders drop constraint supervision_orders_state_check;
alter table supervision_orders add constraint supervision_orders_state_check
    check (state in ('issued', 'answered', 'accepted', 'sent_back', 'withdrawn', 'lapsed')) not valid;
alter table supervision_orders validate constraint supervision_orders_state_check;
alter table order_steps drop constraint order_steps_kind_check;
alter table order_steps add constraint order_steps_kind_check
    check (kind in ('issued', 'reminded', 'raised', 'answered', 'accepted', 'sent_back', 'followed', 'withdrawn', 'lapsed')) not valid;
alter table order_steps validate constraint order_steps_kind_check;

-- The stage of each site when its order was issued, as the letter says it. Null: not known.
alter table order_sites add column issued_stage text check (issued_stage in ('not_started', 'in_progress', 'completed'));
update order_sites set issued_stage = coalesce(
    (select to_stage from stage_changes c
     where c.county_id = order_sites.county_id and c.site_id = order_sites.site_id and c.at <= o.issued_at
     order by c.at desc, c.change_id desc limit 1),
    'not_started')
from supervision_orders o
where o.county_id = order_sites.county_id and o.order_id = order_sites.order_id;
