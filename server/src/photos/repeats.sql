-- Pictures of reports that repeat a picture of an earlier report, as far as the named pictures have to do with it.
-- $1 county, $2 pictures, $3 and $4 bounds of edges that make a picture telling, $5 bits in which two of the same may differ, $6 those in which
-- a picture may differ from a window of the one it was cut from. Cut pictures are looked for among those of the last four hundred days.
with alike as (
    select sha256 as one, sha256 as other from unnest($2::bytea[]) as named (sha256)
    union
    select one.sha256, other.sha256
    from photos one
    join photos other on other.county_id = one.county_id and bit_count((one.likeness # other.likeness)::bit(64)) <= $5
    where one.county_id = $1 and one.sha256 = any($2)
      and bit_count(one.likeness::bit(64)) between $3 and $4
      and bit_count(other.likeness::bit(64)) between $3 and $4
    union
    select one.sha256, other.sha256
    from photos one
    join photos other on other.county_id = one.county_id and other.sha256 <> one.sha256
         and other.received_at between one.received_at - interval '400 days' and one.received_at + interval '400 days'
    where one.county_id = $1 and one.sha256 = any($2)
      and bit_count(one.likeness::bit(64)) between $3 and $4
      and bit_count(other.likeness::bit(64)) between $3 and $4
      and (exists (select from unnest(one.windows_across, one.windows_down) as cut (across, down)
                   where bit_count((cut.across # other.windows_across[1])::bit(64)) + bit_count((cut.down # other.windows_down[1])::bit(64)) <= $6)
        or exists (select from unnest(other.windows_across, other.windows_down) as cut (across, down)
                   where bit_count((cut.across # one.windows_across[1])::bit(64)) + bit_count((cut.down # one.windows_down[1])::bit(64)) <= $6))
), shown as not materialized (
    select sha256, report_id, place, site_id, deputy_id, month, received_at
    from report_photos join reports using (county_id, report_id)
    where county_id = $1
), pairs as (
    select one as one_sha, other as other_sha from alike
    union
    select other, one from alike
)
select distinct on (later.report_id, later.place)
       later.report_id as "report_id!", later.place as "place!", earlier.report_id as "earlier_report_id!"
from pairs
join shown later on later.sha256 = pairs.one_sha
join shown earlier on earlier.sha256 = pairs.other_sha
where (earlier.received_at, earlier.report_id) < (later.received_at, later.report_id)
  and (earlier.site_id, earlier.deputy_id, earlier.month) is distinct from (later.site_id, later.deputy_id, later.month)
order by later.report_id, later.place, earlier.received_at, earlier.report_id
