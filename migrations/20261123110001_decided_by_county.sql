-- When the county's committee last decided about the site itself: corrected its stage, struck it off or opened it again. A township does not
-- decide over it until a report stands that counts later.
alter table sites add column decided_by_county_at timestamptz;

-- Of what was decided before, the right it was done under was not kept: whoever is of the county's committee now is taken to have been then.
with of_the_county as (
    select distinct g.county_id, g.account_id from grants g where g.role = 'committee'
),
decided as (
    select c.county_id, c.site_id, c.at from stage_changes c join of_the_county using (county_id, account_id) where c.cause = 'correction'
    union all
    select r.county_id, r.site_id, r.reopened_at from reopenings r join of_the_county o on o.county_id = r.county_id and o.account_id = r.reopened_by
    union all
    select s.county_id, s.site_id, s.struck_off_at
    from sites s join of_the_county o on o.county_id = s.county_id and o.account_id = s.struck_off_by
)
update sites s set decided_by_county_at = latest.at
from (select county_id, site_id, least(max(at), now()) as at from decided group by county_id, site_id) latest
where s.county_id = latest.county_id and s.site_id = latest.site_id;
