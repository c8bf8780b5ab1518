-- Places are PostGIS geometries in EPSG:4326; CGCS2000 agrees with it to decimetres and may be stored as it is.
create extension if not exists postgis;

-- Most Chinese words have two characters, from which no trigram can be made. Two-character grams make such words searchable through
-- an ordinary array index; the query repeats the test with ILIKE, so a gram only narrows the search.
create function cjk_grams(words text) returns text[]
language sql immutable strict parallel safe as $$
    select coalesce(array_agg(distinct gram), '{}')
    from (select lower(normalize(words, NFKC)) as folded) as source,
         lateral (select substr(folded, place, 2) as gram
                  from generate_series(1, greatest(length(folded) - 1, 1)) as place) as grams
    where gram !~ '\s'
$$;
