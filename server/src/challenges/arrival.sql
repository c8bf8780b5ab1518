-- A picture of a challenge has come: $1 county, $2 challenge, $3 picture, $4 now, $5 and $6 bounds of edges that make a picture telling,
-- $7 bits in which two of the same may differ.
with alike as (
    select $3::bytea as sha256
    union
    select other.sha256
    from photos one
    join photos other on other.county_id = one.county_id and bit_count((one.likeness # other.likeness)::bit(64)) <= $7
    where one.county_id = $1 and one.sha256 = $3
      and bit_count(one.likeness::bit(64)) between $5 and $6 and bit_count(other.likeness::bit(64)) between $5 and $6
), in_report as (
    select report_id from alike join report_photos p on p.county_id = $1 and p.sha256 = alike.sha256
    join reports r using (county_id, report_id)
    order by r.received_at, report_id limit 1
), in_challenge as (
    select p.challenge_id from alike join challenge_photos p on p.county_id = $1 and p.sha256 = alike.sha256
    where p.challenge_id < $2 and p.arrived_at is not null
    order by p.challenge_id limit 1
)
update challenge_photos p
set arrived_at = $4,
    reuses_report_id = (select report_id from in_report),
    reuses_challenge_id = (select challenge_id from in_challenge)
from challenges c
where p.county_id = $1 and p.challenge_id = $2 and p.sha256 = $3 and p.arrived_at is null
  and c.county_id = p.county_id and c.challenge_id = p.challenge_id and c.state in ('submitted', 'accepted')
