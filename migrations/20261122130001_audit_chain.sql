-- Every line of the audit log is chained to the line before it, so that a line altered, removed or slipped in behind the service's back
-- shows (`minsheng-map verify-audit`). The lines of one county are one chain; those of no county are chain 0. Lines are numbered before
-- their transaction commits, so the chain has an order of its own: that of the commits.
create table audit_chain (
    chain_id  integer not null,
    position  bigint not null,
    audit_id  bigint not null unique references audit_log,
    -- SHA-256 of the hash before it (nothing for the first) followed by the text of the line.
    hash      bytea not null check (length(hash) = 32),
    primary key (chain_id, position)
);
create trigger audit_chain_only_grows before update or delete on audit_chain for each row execute function refuse_change();
create trigger audit_chain_never_emptied before truncate on audit_chain for each statement execute function refuse_change();

-- The end of each chain: whoever appends to it waits here for the one before.
create table audit_heads (
    chain_id integer primary key,
    position bigint not null,
    hash     bytea not null
) with (fillfactor = 20);

-- The head of each chain as it was when a day ended in the county: published, so that a chain written anew from its middle shows too.
create table audit_days (
    county_id integer not null references counties,
    day       date not null,
    position  bigint not null,
    hash      bytea not null,
    sealed_at timestamptz not null,
    primary key (county_id, day)
);
create trigger audit_days_only_grow before update or delete on audit_days for each row execute function refuse_change();
create trigger audit_days_never_emptied before truncate on audit_days for each statement execute function refuse_change();

-- A value with its length in bytes before it, so that no two lines have one text: '5:hello,' or '-,' for none.
create function audit_value(value text) returns text language sql immutable parallel safe as $$
    select coalesce(octet_length(value)::text || ':' || value || ',', '-,')
$$;

create function audit_line_text(at_position bigint, line audit_log) returns text language sql stable as $$
    select audit_value(at_position::text) || audit_value(line.audit_id::text) || audit_value(line.county_id::text)
        || audit_value(to_char(line.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) || audit_value(line.account_id::text)
        || audit_value(line.actor_kind) || audit_value(array_to_string(line.roles, ',')) || audit_value(line.action)
        || audit_value(line.object_kind) || audit_value(line.object_id) || audit_value(line.outcome) || audit_value(line.address)
        || audit_value(line.user_agent) || audit_value(line.request_id::text) || audit_value(line.detail::text)
$$;

create function chain_audit_line(line audit_log) returns void language plpgsql as $$
declare
    head audit_heads;
begin
    insert into audit_heads (chain_id, position, hash) values (coalesce(line.county_id, 0), 1, sha256(convert_to(audit_line_text(1, line), 'UTF8')))
    on conflict (chain_id) do update
        set position = audit_heads.position + 1,
            hash = sha256(audit_heads.hash || convert_to(audit_line_text(audit_heads.position + 1, line), 'UTF8'))
    returning * into head;
    insert into audit_chain (chain_id, position, audit_id, hash) values (head.chain_id, head.position, line.audit_id, head.hash);
end $$;

create function chain_new_audit_line() returns trigger language plpgsql as $$
begin
    perform chain_audit_line(new);
    return null;
end $$;

do $$
declare
    line audit_log;
begin
    for line in select * from audit_log order by audit_id loop
        perform chain_audit_line(line);
    end loop;
end $$;

-- At the commit: the head is held for that moment only, and by a transaction that needs no further lock, so none waits in a circle.
create constraint trigger audit_log_is_chained after insert on audit_log
    deferrable initially deferred for each row execute function chain_new_audit_line();
